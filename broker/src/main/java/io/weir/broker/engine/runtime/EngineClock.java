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

	/**
	 * A clock that somebody may set.
	 * @param now what time it is, in milliseconds since 1970
	 * @param ticker how long something takes, in nanoseconds since any time
	 * @return with a steady clock that goes as the ticker does
	 */
	public static EngineClock of(LongSupplier now, LongSupplier ticker) {
		long start = ticker.getAsLong();
		return new EngineClock(now, () -> TimeUnit.NANOSECONDS.toMillis(ticker.getAsLong() - start));
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
