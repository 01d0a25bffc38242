package io.weir.setting;

import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class RequireTest {

	static Stream<Arguments> refused() {
		return Stream.of(refusal(() -> Require.atLeast("lanes", 1, 0), "lanes", "must be at least 1", "0"),
				refusal(() -> Require.bytes("size", 0), "size", "must be at least 1 byte", "0"),
				refusal(() -> Require.between("max", 1, 9, 0), "max", "must be from 1 to 9", "0"),
				refusal(() -> Require.between("max", 1, 9, 10), "max", "must be from 1 to 9", "10"),
				refusal(() -> Require.upTo("min", "max", 9, -1), "min", "must be from 0 to max (9)", "-1"),
				refusal(() -> Require.upTo("min", "max", 9, 10), "min", "must be from 0 to max (9)", "10"),
				refusal(() -> Require.notBlank("name", " "), "name", "must not be blank", "' '"),
				refusal(() -> Require.name("name", 3, "\u00e4\u00e4"), "name", "must have at most 3 bytes of UTF-8",
						"one of 4"));
	}

	private static Arguments refusal(ThrowingCallable check, String setting, String rule, String value) {
		return arguments(check, setting, rule, value);
	}

	@ParameterizedTest
	@MethodSource("refused")
	void refusalTellsSettingRuleAndValueApartAndTogether(ThrowingCallable check, String setting, String rule,
			String value) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(check)
			.withMessage(setting + " " + rule + ", was " + value)
			.satisfies((ex) -> {
				assertThat(ex.setting()).isEqualTo(setting);
				assertThat(ex.rule()).isEqualTo(rule);
			});
	}

	@Test
	void whatIsAllowedIsReturned() {
		assertThat(Require.atLeast("lanes", 1, 1)).isEqualTo(1);
		assertThat(Require.bytes("size", 1)).isEqualTo(1);
		assertThat(Require.between("max", 1, 9, 9)).isEqualTo(9);
		assertThat(Require.upTo("min", "max", 9, 0)).isZero();
		assertThat(Require.name("name", 4, "\u00e4\u00e4")).isEqualTo("\u00e4\u00e4");
	}

	@Test
	void nullIsRefusedByName() {
		assertThatNullPointerException().isThrownBy(() -> Require.notBlank("token", null)).withMessage("token");
	}

}
