package io.weir.time;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Jittered exponential back-off: each delay is drawn from the upper half of a span that
 * doubles, so that clients that lost one broker do not come back at one moment. Not for
 * use by several threads.
 */
public final class Backoff {

	private final Duration initial;

	private final Duration max;

	private final DoubleSupplier random;

	private Duration span;

	/**
	 * Creates the back-off.
	 * @param initial the longest first delay
	 * @param max the longest delay
	 * @param random numbers from 0 to 1
	 */
	public Backoff(Duration initial, Duration max, DoubleSupplier random) {
		this.initial = initial;
		this.max = max;
		this.random = random;
		this.span = initial;
	}

	/**
	 * A back-off that nobody can foresee.
	 * @param initial the longest first delay
	 * @param max the longest delay
	 * @return the back-off
	 */
	public static Backoff random(Duration initial, Duration max) {
		return new Backoff(initial, max, () -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * The next delay.
	 * @return longer than the one before, up to the maximum
	 */
	public Duration next() {
		Duration delay = jittered(this.span);
		Duration twice = this.span.multipliedBy(2);
		this.span = (twice.compareTo(this.max) < 0) ? twice : this.max;
		return delay;
	}

	/**
	 * The delay after a failure that does not go away by itself.
	 * @return the maximum
	 */
	public Duration longest() {
		this.span = this.max;
		return jittered(this.max);
	}

	/** Begins again with the initial delay. */
	public void reset() {
		this.span = this.initial;
	}

	/**
	 * The span from which the next delay is drawn.
	 * @return the span
	 */
	public Duration span() {
		return this.span;
	}

	private Duration jittered(Duration span) {
		return Duration.ofNanos((long) (span.toNanos() * (0.5 + 0.5 * this.random.getAsDouble())));
	}

}
