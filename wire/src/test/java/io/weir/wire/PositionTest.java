package io.weir.wire;

import org.junit.jupiter.api.Test;

import io.weir.message.MessageId;
import io.weir.message.MessageIds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PositionTest {

	@Test
	void everyEntryComesAfterTheBeginning() {
		assertThat(new Position(0, 0).isAfter(Position.BEFORE_FIRST)).isTrue();
		assertThat(new Position(0, 0).isAfter(new Position(0, 0))).isFalse();
		assertThat(new Position(1, 0).isAfter(new Position(0, Long.MAX_VALUE))).isTrue();
	}

	@Test
	void nothingStandsBetweenAPositionAndItsNeighbours() {
		Position position = new Position(3, 5);
		assertThat(position.before()).isEqualTo(new Position(3, 4));
		assertThat(position.after()).isEqualTo(new Position(3, 6));
		assertThat(position.after().before()).isEqualTo(position);
		assertThat(Position.BEFORE_FIRST.before()).isEqualTo(Position.BEFORE_FIRST);
		assertThat(Position.BEFORE_FIRST.after()).isEqualTo(new Position(0, 0));
	}

	@Test
	void messageOfAnEntryIsFoundThereAgain() {
		Position last = new Position(Limits.MAX_POSITION, Limits.MAX_POSITION);
		MessageId id = last.message(Limits.MAX_BATCH_MESSAGES);
		assertThat(Position.of(id)).isEqualTo(last);
		assertThat(MessageIds.index(id)).isEqualTo(Limits.MAX_BATCH_MESSAGES);
		assertThatIllegalArgumentException().isThrownBy(() -> last.message(Limits.MAX_BATCH_MESSAGES + 1));
	}

	@Test
	void positionIsThatInTheLogOfThePartition() {
		assertThat(Position.of(MessageIds.of(2, 0, 7, 1))).isEqualTo(new Position(0, 7));
		assertThat(new Position(0, 7).message(2, 1)).isEqualTo(MessageIds.of(2, 0, 7, 1));
	}

	@Test
	void idThatSaysNoPlaceIsRefused() {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Position.of(MessageIds.unknown()))
			.withMessage("The message id 'unknown' does not say where the message is stored")
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.INVALID_REQUEST);
	}

}
