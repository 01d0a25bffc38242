package io.weir.client.internal.consumer;

import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.weir.message.MessageId;
import io.weir.message.Position;
import io.weir.wire.Limits;
import io.weir.wire.codec.EncodedFrame;
import io.weir.wire.codec.FrameEncoder;

import static org.assertj.core.api.Assertions.assertThat;

/** Every place can be said to the broker. */
class PlaceTest {

	private static final long MAX = Limits.MAX_POSITION;

	@ParameterizedTest
	@CsvSource({ "0:0:0, 0:0:1", "0:0:8190, 0:0:8191", "0:0:8191, 0:0:8192", "0:0:8192, 0:0:8192",
			"0:0:2147483647, 0:0:8192", "0:-1:0, 0:0:0", "7:-1:3, 7:0:0",
			"0:4611686018427387903:8191, 0:4611686018427387903:8192", "0:4611686018427387904:0, 1:0:0",
			"0:9223372036854775807:0, 1:0:0", "4611686018427387903:0:8191, 4611686018427387903:0:8192" })
	void placeAfterAMessageIsSaid(String message, String place) {
		assertThat(Place.after(MessageId.parse(message))).isEqualTo(new Place.AtMessage(MessageId.parse(place)));
	}

	@ParameterizedTest
	@CsvSource({ "0:0:0, 0:0:0", "0:0:8191, 0:0:8191", "0:0:8192, 0:0:8192", "0:0:2147483647, 0:0:8192",
			"0:-1:0, 0:0:0", "3:9223372036854775807:5, 4:0:0" })
	void placeOfAMessageIsSaid(String message, String place) {
		assertThat(Place.at(MessageId.parse(message))).isEqualTo(new Place.AtMessage(MessageId.parse(place)));
	}

	@Test
	void placeBeyondEveryLogIsTheEnd() {
		MessageId last = new MessageId(new Position(Long.MAX_VALUE, Long.MAX_VALUE), Integer.MAX_VALUE);
		assertThat(Place.after(last)).isEqualTo(Place.LATEST);
		assertThat(Place.at(last)).isEqualTo(Place.LATEST);
		assertThat(Place.at(new MessageId(new Position(MAX, MAX + 1), 0))).isEqualTo(Place.LATEST);
	}

	@Test
	void everyPlaceFitsIntoAFrame() {
		long[] numbers = { 0, 1, MAX - 1, MAX, MAX + 1, Long.MAX_VALUE };
		int[] indexes = { 0, 8190, 8191, 8192, 8193, Integer.MAX_VALUE };
		for (long segment : numbers) {
			for (long entry : numbers) {
				for (int index : indexes) {
					MessageId id = new MessageId(new Position(segment, entry), index);
					Stream.of(Place.at(id), Place.after(id)).forEach(PlaceTest::encode);
				}
			}
		}
		encode(Place.after(new MessageId(Position.BEFORE_FIRST, 0)));
	}

	private static void encode(Place place) {
		ByteBuf frame = FrameEncoder.encode(UnpooledByteBufAllocator.DEFAULT, 1, place.apply(1));
		assertThat(frame.isReadable()).isTrue();
		frame.release();
	}

}
