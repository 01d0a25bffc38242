package io.weir.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import org.jspecify.annotations.Nullable;

/**
 * The time of a {@link WeirTestBroker}, which a test turns: messages that are delayed or
 * wait to be delivered again come then, others expire. It goes as the system's clock does
 * until it is turned or stopped, and never back. The broker notices within 50
 * milliseconds. What clients count by themselves does not follow it: the acknowledgement
 * timeout that a consumer sets, but not that of a subscription's policies, heartbeats and
 * the timeouts of calls. Safe to use from any thread.
 */
public final class TestClock implements InstantSource {

	private final Instant start = Instant.now();

	private final long startNanos = System.nanoTime();

	/** How far it was turned, less the time for which it stood. */
	private long offset;

	/** What it says while it stands. */
	private @Nullable Long stoppedAt;

	TestClock() {
	}

	/**
	 * What time it is.
	 * @return the time that the broker goes by
	 */
	@Override
	public Instant instant() {
		return this.start.plusNanos(nanos());
	}

	/** Nanoseconds since it was made. */
	synchronized long nanos() {
		return (this.stoppedAt != null) ? this.stoppedAt : running();
	}

	private long running() {
		return System.nanoTime() - this.startNanos + this.offset;
	}

	/**
	 * Turns it forward, whether or not it stands.
	 * @param duration how far
	 * @throws IllegalArgumentException if the duration is negative: nothing that has
	 * happened could be undone
	 */
	public synchronized void turn(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("The clock is only turned forward, the duration was " + duration);
		}
		this.offset += duration.toNanos();
		if (this.stoppedAt != null) {
			this.stoppedAt += duration.toNanos();
		}
	}

	/**
	 * Turns it to a time.
	 * @param time the time to be
	 * @throws IllegalArgumentException if that is over
	 */
	public synchronized void turnTo(Instant time) {
		turn(Duration.between(instant(), time));
	}

	/** Has it stand until it is turned or {@link #resume}d. Harmless if it stands. */
	public synchronized void stop() {
		this.stoppedAt = nanos();
	}

	/** Has it go on from where it stands. Harmless if it goes. */
	public synchronized void resume() {
		if (this.stoppedAt != null) {
			long standing = this.stoppedAt;
			this.offset = standing - (System.nanoTime() - this.startNanos);
			this.stoppedAt = null;
		}
	}

	@Override
	public String toString() {
		return "TestClock[" + instant() + "]";
	}

}
