package io.weir.message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TopicPatternTest {

	@ParameterizedTest
	@CsvSource({ "a, a, true", "a, b, false", "a, ab, false", "*, anything, true", "orders.*, orders.eu, true",
			"orders.*, orders., true", "orders.*, orders, false", "orders.*, ordersxeu, false", "*.eu, a.eu, true",
			"*.eu, a.eu.us, false", "*.eu, a.eu.eu, true", "a*b*c, abc, true", "a*b*c, aXbXbXc, true",
			"a*b*c, acb, false", "a**, a, true" })
	void starStandsForAnyCharacters(String pattern, String name, boolean matches) {
		assertThat(new TopicPattern(pattern).matches(name)).isEqualTo(matches);
	}

	@Test
	void namesThatMatchBeginWithThePrefix() {
		assertThat(new TopicPattern("orders.*.eu").prefix()).isEqualTo("orders.");
		assertThat(new TopicPattern("*").prefix()).isEmpty();
		assertThat(new TopicPattern("orders").prefix()).isEqualTo("orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-a*", "a b", "a#1", "[a-z]" })
	void patternThatNoTopicCouldMatchIsRefusedAndSaidWhatIsAllowed(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> new TopicPattern(pattern))
			.withMessageContaining("'" + pattern + "'")
			.withMessageContaining("* for any characters");
	}

}
