package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.weir.setting.Require;
import io.weir.time.DurationRange;

/**
 * A pool's settings, checked; durations by the builder. Zero means "never", except for
 * the borrow timeout.
 */
record PoolConfig(String name, int minSize, int maxSize, int initialSize, int creationConcurrency, Duration maxIdleTime,
		Duration maxLifetime, Duration validationInterval, Duration borrowTimeout, Duration lifecycleTimeout,
		Duration leakDetectionThreshold, CreationFailurePolicy creationFailurePolicy, boolean strictFifo) {

	private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(50);

	private static final long SHORTEST_TICK = TimeUnit.MILLISECONDS.toNanos(1);

	PoolConfig {
		Require.notBlank("name", name);
		checkSizes(minSize, maxSize);
		Require.upTo("initialSize", "maxSize", maxSize, initialSize);
		Require.atLeast("creationConcurrency", 1, creationConcurrency);
	}

	/**
	 * How often the sweeper looks: often enough for the shortest of the set times, within
	 * bounds.
	 */
	long tickNanos() {
		long shortest = LONGEST_TICK * 4;
		for (Duration duration : new Duration[] { this.maxIdleTime, this.maxLifetime, this.validationInterval,
				this.borrowTimeout, this.leakDetectionThreshold }) {
			if (!duration.isZero()) {
				shortest = Math.min(shortest, DurationRange.waitNanos(duration));
			}
		}
		return Math.max(SHORTEST_TICK, shortest / 4);
	}

	/**
	 * How long those who wait count on a creation or test that is under way: a part of
	 * what they have, so that another can still help them if it hangs.
	 */
	long patienceNanos() {
		long longest = DurationRange.waitNanos(this.lifecycleTimeout);
		return (this.borrowTimeout.isZero() ? longest : Math.min(longest, DurationRange.waitNanos(this.borrowTimeout)))
				/ 8;
	}

	static void checkSizes(int minSize, int maxSize) {
		Require.atLeast("maxSize", 1, maxSize);
		Require.upTo("minSize", "maxSize", maxSize, minSize);
	}

}
