package io.weir.broker.engine.runtime;

import io.weir.broker.engine.Policies;

/**
 * The time of a simulation, which somebody sets now and then, and how far it has come for
 * messages that expire.
 */
final class SimulatedClock {

	static final long DAY = 86_400_000;

	/** Not so near to 1970 that it cannot be set back. */
	private long now = 1_000_000_000_000L;

	private long steady;

	private long latest = this.now;

	private long timeToLive = Policies.UNLIMITED;

	/** What was published by then may have become too old. */
	private long tooOldUpTo = Long.MIN_VALUE;

	long now() {
		return this.now;
	}

	/** By a clock that nobody sets. */
	long steady() {
		return this.steady;
	}

	/** The next command is handled. */
	void next() {
		pass(1);
		this.latest = Math.max(this.latest, this.now);
		if (this.timeToLive < Policies.UNLIMITED) {
			this.tooOldUpTo = Math.max(this.tooOldUpTo, this.now - this.timeToLive);
		}
	}

	void pass(long millis) {
		this.now += millis;
		this.steady += millis;
	}

	/** Somebody sets the clock. */
	void set(long by) {
		this.now += by;
	}

	void setTimeToLive(long millis) {
		this.timeToLive = millis;
	}

	/** Whether the time of a message that expires by itself may have passed. */
	boolean mayHaveCome(long expiresAt) {
		return expiresAt <= this.latest;
	}

	/** Whether a message may have become too old. */
	boolean mayBeTooOld(long publishTime) {
		return publishTime <= this.tooOldUpTo;
	}

	/** Whether a message is too old now. */
	boolean isTooOld(long publishTime) {
		return this.now - publishTime >= this.timeToLive;
	}

}
