package io.weir.test;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;

import io.weir.time.DurationRange;

/**
 * For how long an assertion is tried again.
 *
 * @param duration until it fails
 */
record Patience(Duration duration) {

	static final Patience DEFAULT = new Patience(Duration.ofSeconds(5));

	private static final Duration INTERVAL = Duration.ofMillis(10);

	Patience {
		DurationRange.FROM_ONE_MILLISECOND_TO_24_DAYS.check("duration", duration);
	}

	/** Fails as the assertion does if it does not succeed in time. */
	void until(ThrowingRunnable assertion) {
		try {
			Awaitility.await()
				.pollInSameThread()
				.pollDelay(Duration.ZERO)
				.pollInterval(INTERVAL)
				.atMost(this.duration)
				.untilAsserted(assertion);
		}
		catch (ConditionTimeoutException ex) {
			throw (ex.getCause() instanceof AssertionError failure) ? failure : new AssertionError(ex.getMessage(), ex);
		}
	}

}
