package io.weir.message;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TopicTest {

	static Stream<String> allowed() {
		return Stream.of("a", "7", "orders", "acme/orders.v2_new:eu-1", "a".repeat(Topic.MAX_LENGTH));
	}

	@ParameterizedTest
	@MethodSource("allowed")
	void anAllowedNameIsTaken(String name) {
		assertThat(new Topic(name)).hasToString(name);
	}

	static Stream<String> forbidden() {
		return Stream.of("", "-a", "/a", "a b", "ä", "a\n", "a\u0000", "a".repeat(Topic.MAX_LENGTH + 1));
	}

	@ParameterizedTest
	@MethodSource("forbidden")
	void aForbiddenNameIsRefusedAndSaidWhatIsAllowed(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Topic(name))
			.withMessageContaining("'" + name + "'")
			.withMessageContaining("1 to 255 characters");
	}

	@Test
	void topicsAreOrderedByName() {
		assertThat(Stream.of("b", "a", "C").map(Topic::new).sorted())
			.isEqualTo(List.of(new Topic("C"), new Topic("a"), new Topic("b")));
	}

}
