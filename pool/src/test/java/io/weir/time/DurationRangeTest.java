package io.weir.time;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class DurationRangeTest {

	private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

	private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);

	@Test
	void settingIsAllowedUpToBothEndsOfItsRange() {
		for (Duration value : new Duration[] { Duration.ZERO, Duration.ofNanos(1), Duration.ofDays(365) }) {
			assertThat(DurationRange.FROM_ZERO.check("delay", value)).isEqualTo(value);
		}
		assertThat(DurationRange.FROM_ONE_MILLISECOND.check("timeout", Duration.ofMillis(1))).hasMillis(1);
	}

	@ParameterizedTest
	@CsvSource({ "PT-0.000000001S", "P365DT0.000000001S", "PT2562047788015215H30M7.999999999S",
			"PT-2562047788015215H-30M-8S" })
	void settingOutOfItsRangeIsRefusedByNameWithWhatIsAllowed(Duration value) {
		assertThatIllegalArgumentException().isThrownBy(() -> DurationRange.FROM_ZERO.check("delay", value))
			.withMessage("delay must be from 0 to 365d, was " + value);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> DurationRange.FROM_ONE_MILLISECOND.check("timeout", value))
			.withMessage("timeout must be from 1ms to 365d, was " + value);
	}

	@Test
	void settingThatIsMissingIsRefusedByName() {
		assertThatNullPointerException().isThrownBy(() -> check(null)).withMessage("delay");
	}

	@SuppressWarnings("NullAway")
	private static void check(Duration value) {
		DurationRange.FROM_ZERO.check("delay", value);
	}

	@Test
	void waitIsAsLongAsItCanBeReckonedWith() {
		assertThat(DurationRange.wait(EVER)).hasDays(365);
		assertThat(DurationRange.waitNanos(EVER)).isEqualTo(Duration.ofDays(365).toNanos());
		assertThat(DurationRange.waitMillis(EVER)).isEqualTo(Duration.ofDays(365).toMillis());
		assertThat(DurationRange.waitNanos(LONG_AGO)).isZero();
		assertThat(DurationRange.waitMillis(LONG_AGO)).isZero();
	}

	@Test
	void lessThanAMillisecondDoesNotBecomeNone() {
		assertThat(DurationRange.waitMillis(Duration.ofNanos(1))).isOne();
		assertThat(DurationRange.waitMillis(Duration.ofMillis(1))).isOne();
		assertThat(DurationRange.waitMillis(Duration.ZERO)).isZero();
	}

}
