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

	private static final double MULTIPLIER = 2;

	private static final double JITTER = 0.5;

	private final BackoffRule rule;

	private final DoubleSupplier random;

	private int attempts;

	/**
	 * Creates the back-off.
	 * @param initial the longest first delay
	 * @param max the longest delay
	 * @param random numbers from 0 to 1
	 */
	public Backoff(Duration initial, Duration max, DoubleSupplier random) {
		this.rule = new BackoffRule(initial.toNanos(), MULTIPLIER, max.toNanos(), JITTER);
		this.random = random;
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
		Duration delay = Duration.ofNanos(this.rule.delay(this.attempts, this.random.getAsDouble()));
		this.attempts = Math.min(Integer.MAX_VALUE - 1, this.attempts) + 1;
		return delay;
	}

	/**
	 * The delay after a failure that does not go away by itself.
	 * @return the maximum
	 */
	public Duration longest() {
		this.attempts = Integer.MAX_VALUE;
		return next();
	}

	/** Begins again with the initial delay. */
	public void reset() {
		this.attempts = 0;
	}

	/**
	 * The span from which the next delay is drawn.
	 * @return the span
	 */
	public Duration span() {
		return Duration.ofNanos(this.rule.span(this.attempts));
	}

}
