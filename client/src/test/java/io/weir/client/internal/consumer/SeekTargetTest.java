package io.weir.client.internal.consumer;

import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.message.MessageId;
import io.weir.wire.Limits;
import io.weir.wire.Position;
import io.weir.wire.codec.EncodedFrame;
import io.weir.wire.codec.FrameEncoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Every place can be said to the broker. */
class SeekTargetTest {

	private static final long MAX = Limits.MAX_POSITION;

	@ParameterizedTest
	@CsvSource({ "0:0:0:0, 0:0:0:1", "0:0:0:8190, 0:0:0:8191", "0:0:0:8191, 0:0:0:8192", "0:0:0:8192, 0:0:0:8192",
			"0:0:4611686018427387903:8191, 0:0:4611686018427387903:8192",
			"0:4611686018427387903:0:8191, 0:4611686018427387903:0:8192", "3:0:0:8191, 3:0:0:8192" })
	void placeAfterAMessageIsSaid(String message, String place) {
		assertThat(SeekTarget.after(MessageId.parse(message)))
			.isEqualTo(new SeekTarget.AtMessage(MessageId.parse(place)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0:0:0:0", "0:0:0:8191", "0:0:0:8192", "7:3:4611686018427387903:5" })
	void placeOfAMessageIsSaid(String message) {
		MessageId id = MessageId.parse(message);
		assertThat(SeekTarget.at(id)).isEqualTo(new SeekTarget.AtMessage(id));
	}

	@ParameterizedTest
	@ValueSource(strings = { "unknown" })
	void idThatSaysNoPlaceIsRefused(String text) {
		MessageId id = MessageId.parse(text);
		assertThatIllegalArgumentException().isThrownBy(() -> SeekTarget.at(id))
			.withMessageContaining("'" + text + "'");
		assertThatIllegalArgumentException().isThrownBy(() -> SeekTarget.after(id))
			.withMessageContaining("'" + text + "'");
	}

	@Test
	void everyPlaceFitsIntoAFrame() {
		long[] numbers = { 0, 1, MAX - 1, MAX };
		int[] indexes = { 0, 8190, 8191, 8192 };
		for (long segment : numbers) {
			for (long entry : numbers) {
				for (int index : indexes) {
					MessageId id = new Position(segment, entry).message(index);
					Stream.of(SeekTarget.at(id), SeekTarget.after(id)).forEach(SeekTargetTest::encode);
				}
			}
		}
	}

	private static void encode(SeekTarget place) {
		ByteBuf frame = FrameEncoder.BASIC.encode(UnpooledByteBufAllocator.DEFAULT, 1, place.apply(1));
		assertThat(frame.isReadable()).isTrue();
		frame.release();
	}

}
