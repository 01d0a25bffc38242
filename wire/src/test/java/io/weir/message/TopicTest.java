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
		return Stream.of("a", "7", "orders", "acme/orders.v2_new:eu-1", "a".repeat(Topic.MAX_LENGTH), "a#1",
				"a".repeat(Topic.MAX_LENGTH) + "#1023");
	}

	@ParameterizedTest
	@MethodSource("allowed")
	void anAllowedNameIsTaken(String name) {
		assertThat(new Topic(name)).hasToString(name);
	}

	static Stream<String> forbidden() {
		return Stream.of("", "-a", "/a", "a b", "ä", "a\n", "a\u0000", "a".repeat(Topic.MAX_LENGTH + 1), "#1", "a#",
				"a#0", "a#01", "a#x", "a#1#2", "a#10000");
	}

	@ParameterizedTest
	@MethodSource("forbidden")
	void aForbiddenNameIsRefusedAndSaidWhatIsAllowed(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Topic(name))
			.withMessageContaining("'" + name + "'")
			.withMessageContaining("1 to 255 characters");
	}

	@Test
	void partitionsHaveNamesAfterTheTopics() {
		Topic topic = new Topic("a:b");
		assertThat(topic.partition(0)).isSameAs(topic);
		assertThat(topic.partition(12)).isEqualTo(new Topic("a:b#12"));
		assertThat(topic.partition()).isZero();
		assertThat(topic.partition(12).partition()).isEqualTo(12);
		assertThat(topic.partition(12).whole()).isEqualTo(topic);
		assertThat(topic.whole()).isSameAs(topic);
		assertThatIllegalArgumentException().isThrownBy(() -> topic.partition(Topic.MAX_PARTITIONS));
		assertThatIllegalArgumentException().isThrownBy(() -> topic.partition(1).partition(2));
	}

	@Test
	void nameOfAPartitionCannotBeTakenByAnApplication() {
		assertThat(Topic.named("a")).isEqualTo(new Topic("a"));
		assertThatIllegalArgumentException().isThrownBy(() -> Topic.named("a#7"))
			.withMessage("Topic name 'a#7' is not allowed: it is that of partition 7 of topic 'a', "
					+ "which is used by its own name");
	}

	@Test
	void topicsAreOrderedByName() {
		assertThat(Stream.of("b", "a", "C").map(Topic::new).sorted())
			.isEqualTo(List.of(new Topic("C"), new Topic("a"), new Topic("b")));
	}

}
