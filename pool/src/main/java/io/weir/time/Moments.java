package io.weir.time;

import java.time.Instant;

/** The one rule for moments that applications give. */
public final class Moments {

	private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

	private Moments() {
	}

	/**
	 * A moment in whole milliseconds, rounded up: what happened earlier within the
	 * millisecond is before it.
	 * @param moment any moment
	 * @return milliseconds since 1970, from 0 to {@link Long#MAX_VALUE}
	 */
	public static long toMillis(Instant moment) {
		if (moment.compareTo(Instant.EPOCH) <= 0) {
			return 0;
		}
		if (moment.compareTo(LAST) >= 0) {
			return Long.MAX_VALUE;
		}
		long millis = moment.toEpochMilli();
		return Instant.ofEpochMilli(millis).isBefore(moment) ? millis + 1 : millis;
	}

}
