package io.weir.message;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageIdTest {

	private static final String LAST = "2147483647:4611686018427387903:4611686018427387903:8192";

	@Test
	void idsAreOrderedByPartitionAndInItAsStored() {
		List<MessageId> ordered = List.of(MessageIds.unknown(), id("0:0:0:0"), id("0:0:0:1"), id("0:0:1:0"),
				id("0:1:0:0"), id("0:1:0:5"), id("1:0:0:0"), id("1:0:9:0"), id("2:0:3:0"), id(LAST));
		List<MessageId> reversed = ordered.stream().sorted((one, other) -> other.compareTo(one)).toList();
		assertThat(reversed.stream().sorted()).isEqualTo(ordered);
		for (MessageId id : ordered) {
			assertThat(ordered.stream().filter((other) -> other.compareTo(id) == 0)).containsExactly(id);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "0:0:0:0", "3:1:2:8191", LAST, "unknown" })
	void whatIsWrittenIsReadAgain(String text) {
		MessageId id = MessageId.parse(text);
		assertThat(id).hasToString(text).isEqualTo(MessageId.parse(text)).hasSameHashCodeAs(MessageId.parse(text));
		assertThat(id.isKnown()).isEqualTo(!text.equals("unknown"));
	}

	@Test
	void idsThatDifferInAnythingAreNotEqual() {
		assertThat(id("0:0:0:0")).isNotEqualTo(id("1:0:0:0"))
			.isNotEqualTo(id("0:1:0:0"))
			.isNotEqualTo(id("0:0:1:0"))
			.isNotEqualTo(id("0:0:0:1"))
			.isNotEqualTo(MessageIds.unknown());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "0:0", "0:0:0", "0:0:0:0:0", "a:0:0:0", "0:0:0:", "-1:0:0:0", "0:-1:0:0",
			" 0:0:0:0", "+1:0:0:0", "9999999999:0:0:0", "0:9999999999999999999:0:0", "0:0:0:12345", "Unknown" })
	void anotherFormIsRefusedAndTheRightOneShown(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageId.parse(text))
			.withMessage("Not a message id: '" + text + "'; expected partition:segment:entry:index, such as 0:0:42:7; "
					+ "the partition is from 0 to 2147483647, segment and entry are from 0 to 4611686018427387903, "
					+ "the index is from 0 to 8192; or unknown");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0:0:0:8193", "0:4611686018427387904:0:0", "0:0:9223372036854775807:0" })
	void numberThatNoMessageHasIsRefusedWithTheRange(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageId.parse(text))
			.withMessage("No message has the id " + text + "; the partition is from 0 to 2147483647, "
					+ "segment and entry are from 0 to 4611686018427387903, the index is from 0 to 8192");
	}

	private static MessageId id(String text) {
		return MessageId.parse(text);
	}

}
