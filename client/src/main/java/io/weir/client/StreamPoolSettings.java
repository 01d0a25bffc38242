package io.weir.client;

import java.time.Duration;

import io.weir.setting.Require;
import io.weir.time.DurationRange;

/**
 * How many streams each connection holds ready, and how they are tested. The terms are
 * those of {@link io.weir.pool.Pool}; times are at most 365 days.
 *
 * @param minSize how many streams are kept at least
 * @param maxSize how many streams there may be, from 1 to 1023: a broker allows 1024 on a
 * connection, and one of them is the control stream
 * @param initialSize how many are opened with the connection
 * @param maxIdleTime idle longer than this, a stream is tested before it is lent; zero
 * for no limit
 * @param maxLifetime older than this, a stream is replaced; zero for no limit
 * @param validationInterval how often idle streams are tested; zero for never
 * @param borrowTimeout how long a borrower waits, from a millisecond
 * @param leakDetectionThreshold a lease older than this is reported; zero for never
 * @param strictFifo whether borrowers are served strictly in their order; by default one
 * that comes when a stream is free may be served before those that are just waking up
 */
public record StreamPoolSettings(int minSize, int maxSize, int initialSize, Duration maxIdleTime, Duration maxLifetime,
		Duration validationInterval, Duration borrowTimeout, Duration leakDetectionThreshold, boolean strictFifo) {

	/** The most streams that {@code maxSize} allows. */
	public static final int MAX_STREAMS = 1023;

	/** 2 to 100 streams, 2 at first. */
	public static final StreamPoolSettings DEFAULTS = new StreamPoolSettings(2, 100, 2, Duration.ofSeconds(30),
			Duration.ofMinutes(30), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO, false);

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException naming the setting and what is allowed
	 */
	public StreamPoolSettings {
		checkSizes(minSize, maxSize);
		Require.upTo("initialSize", "maxSize", maxSize, initialSize);
		DurationRange.FROM_ZERO.check("maxIdleTime", maxIdleTime);
		DurationRange.FROM_ZERO.check("maxLifetime", maxLifetime);
		DurationRange.FROM_ZERO.check("validationInterval", validationInterval);
		DurationRange.FROM_ONE_MILLISECOND.check("borrowTimeout", borrowTimeout);
		DurationRange.FROM_ZERO.check("leakDetectionThreshold", leakDetectionThreshold);
	}

	static void checkSizes(int minSize, int maxSize) {
		Require.between("maxSize", 1, MAX_STREAMS, maxSize);
		Require.upTo("minSize", "maxSize", maxSize, minSize);
	}

}
