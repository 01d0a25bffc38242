package io.weir.client;

import java.time.Duration;
import java.time.Instant;

/** Times and durations in milliseconds, the nearest that there are. */
final class Times {

	private Times() {
	}

	static long millis(Instant time) {
		try {
			return time.toEpochMilli();
		}
		catch (ArithmeticException ex) {
			return (time.getEpochSecond() < 0) ? Long.MIN_VALUE : Long.MAX_VALUE;
		}
	}

	/** At least zero. */
	static long millis(Duration duration) {
		try {
			return Math.max(0, duration.toMillis());
		}
		catch (ArithmeticException ex) {
			return duration.isNegative() ? 0 : Long.MAX_VALUE;
		}
	}

}
