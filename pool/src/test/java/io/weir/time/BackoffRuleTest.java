package io.weir.time;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BackoffRuleTest {

	@Test
	void delaysMustGrowUpToTheLongest() {
		BackoffRule rule = new BackoffRule(1_000, 2, 5_000, 0);
		assertThat(rule.delay(0, 0)).isEqualTo(1_000);
		assertThat(rule.delay(1, 0)).isEqualTo(2_000);
		assertThat(rule.delay(2, 0)).isEqualTo(4_000);
		assertThat(rule.delay(3, 0)).isEqualTo(5_000);
		assertThat(rule.delay(Integer.MAX_VALUE, 0)).isEqualTo(5_000);
	}

	@Test
	void jitterMustTakeAwayNoMoreThanItsPart() {
		BackoffRule rule = new BackoffRule(1_000, 1, 1_000, 0.25);
		assertThat(rule.delay(0, 1)).isEqualTo(1_000);
		assertThat(rule.delay(0, 0.5)).isEqualTo(875);
		assertThat(rule.delay(0, 0)).isEqualTo(750);
	}

	@Test
	void noDelayMustStayNone() {
		assertThat(new BackoffRule(0, 10, 5_000, 1).delay(Integer.MAX_VALUE, 1)).isZero();
		assertThat(BackoffRule.NONE.delay(7, 1)).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "-1, 1, 5, 0", "6, 1, 5, 0", "1, 0.9, 5, 0", "1, NaN, 5, 0", "1, Infinity, 5, 0", "1, 1, 5, -0.1",
			"1, 1, 5, 1.1", "1, 1, 5, NaN" })
	void whatIsNoBackoffMustBeRefused(long initial, double multiplier, long max, double jitter) {
		assertThatIllegalArgumentException().isThrownBy(() -> new BackoffRule(initial, multiplier, max, jitter));
	}

}
