package io.weir.broker.engine.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where the engine has the time from. Safe to use from any thread.
 *
 * @param now what time it is, in milliseconds since 1970; somebody may set it
 * @param steady what time it is by a clock that nobody sets, in milliseconds since some
 * time
 */
public record EngineClock(LongSupplier now, LongSupplier steady) {

	private static final long START = System.nanoTime();

	/**
	 * A clock that somebody may set.
	 * @param now what time it is, in milliseconds since 1970
	 * @return with the steady clock of the JVM
	 */
	public static EngineClock of(LongSupplier now) {
		return new EngineClock(now, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - START));
	}

	/**
	 * A clock that nobody sets, only turns.
	 * @param now what time it is, in milliseconds since 1970
	 * @return with the same as its steady clock
	 */
	static EngineClock neverSet(LongSupplier now) {
		return new EngineClock(now, now);
	}

}
