package io.weir.message;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageIdTest {

	@Test
	void idsAreOrderedBySegmentThenEntryThenIndex() {
		List<MessageId> ordered = List.of(id(0, 0, 0), id(0, 0, 1), id(0, 1, 0), id(1, 0, 0), id(1, 0, 5));
		List<MessageId> shuffled = List.of(ordered.get(3), ordered.get(1), ordered.get(4), ordered.get(0),
				ordered.get(2));
		assertThat(shuffled.stream().sorted()).isEqualTo(ordered);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0:0:0", "1:2:3", "0:-1:0", "9223372036854775807:9223372036854775807:2147483647" })
	void whatIsWrittenIsReadAgain(String text) {
		assertThat(MessageId.parse(text)).hasToString(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "0:0", "0:0:0:0", "a:0:0", "0:0:", "0:0:2147483648", " 0:0:0" })
	void anotherFormIsRefusedAndTheRightOneShown(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageId.parse(text))
			.withMessage("Not a message id: '" + text + "'; expected segment:entry:index, such as 0:42:0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1:0:0", "0:-2:0", "0:0:-1" })
	void numbersThatAreTooSmallAreRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageId.parse(text));
	}

	@Test
	void everyEntryComesAfterTheBeginning() {
		assertThat(new Position(0, 0).isAfter(Position.BEFORE_FIRST)).isTrue();
		assertThat(new Position(0, 0).isAfter(new Position(0, 0))).isFalse();
		assertThat(new Position(1, 0).isAfter(new Position(0, Long.MAX_VALUE))).isTrue();
	}

	private static MessageId id(long segment, long entry, int index) {
		return new MessageId(new Position(segment, entry), index);
	}

}
