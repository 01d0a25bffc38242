package io.weir.broker.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is known of the messages of an entry, and how it is stored. */
class MessageIndexTest {

	@ParameterizedTest
	@MethodSource("io.weir.broker.store.MessageIndexes#atTheLimits")
	void indexMustComeBackAsItWasWritten(MessageIndex index) {
		ByteBuf bytes = Unpooled.buffer();
		index.writeTo(bytes);
		bytes.writeInt(42);
		MessageIndex read = MessageIndex.readFrom(bytes, index.count());
		assertThat(read).isEqualTo(index).hasSameHashCodeAs(index);
		for (int i = 0; i < index.count(); i++) {
			assertThat(
					new long[] { read.start(i), read.size(i), read.keyHash(i), read.deliverAt(i), read.expiresAt(i) })
				.containsExactly(index.start(i), index.size(i), index.keyHash(i), index.deliverAt(i),
						index.expiresAt(i));
		}
		assertThat(bytes.readInt()).as("what follows it").isEqualTo(42);
		bytes.release();
	}

	@Test
	void whatWasAddedMustBeFound() {
		MessageIndex index = MessageIndex.builder(3)
			.add(5, MessageIndex.NO_KEY, MessageIndex.AT_ONCE, MessageIndex.NEVER)
			.add(0, 7, -1, 1)
			.add(9, MessageIndex.NO_KEY, MessageIndex.AT_ONCE, 2)
			.build();
		assertThat(index.count()).isEqualTo(3);
		assertThat(new int[] { index.size(0), index.size(1), index.size(2) }).containsExactly(5, 0, 9);
		assertThat(new int[] { index.start(0), index.start(1), index.start(2), index.start(3) }).containsExactly(0, 5,
				5, 14);
		assertThat(new int[] { index.keyHash(0), index.keyHash(1), index.keyHash(2) }).containsExactly(0, 7, 0);
		assertThat(new long[] { index.deliverAt(0), index.deliverAt(1) }).containsExactly(MessageIndex.AT_ONCE, -1);
		assertThat(new long[] { index.expiresAt(0), index.expiresAt(2) }).containsExactly(MessageIndex.NEVER, 2);
	}

	@Test
	void indexMustTakeFewBytesAndNoneForWhatNoMessageHas() {
		assertThat(bytes(MessageIndexes.even(1, 100))).as("one message").isEqualTo(3);
		assertThat(bytes(MessageIndexes.even(1000, 100))).as("equally long").isEqualTo(3);
		assertThat(bytes(MessageIndexes.of(1000,
				(i) -> new long[] { 1000 + i % 256, 0, MessageIndex.AT_ONCE, MessageIndex.NEVER })))
			.as("nearly equally long")
			.isEqualTo(4 + 1000);
		assertThat(bytes(MessageIndexes.even(1000, 100, (i) -> i * 0x9E37_79B9))).as("with keys").isBetween(4000, 4010);
		assertThat(bytes(MessageIndexes.of(1000,
				(i) -> new long[] { 100, 0, 1_700_000_000_000L + i * 1000, MessageIndex.NEVER })))
			.as("with times within some minutes")
			.isEqualTo(3 + 7 + 3000);
	}

	private static int bytes(MessageIndex index) {
		ByteBuf bytes = Unpooled.buffer();
		index.writeTo(bytes);
		bytes.release();
		return bytes.writerIndex();
	}

	@Test
	void indexThatIsCutOffMustBeRefused() {
		ByteBuf bytes = Unpooled.buffer();
		MessageIndexes.of(5, (i) -> new long[] { 100 << i, i, i, i }).writeTo(bytes);
		for (int length = 0; length < bytes.readableBytes(); length++) {
			ByteBuf cut = bytes.slice(0, length);
			assertThatThrownBy(() -> MessageIndex.readFrom(cut, 5)).isInstanceOf(IndexOutOfBoundsException.class);
		}
		bytes.release();
	}

	/**
	 * Unknown columns, impossible widths, a size beyond 31 bits, and sizes beyond them.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "0800", "0009", "0090", "005080000000", "004080000000", "00407fffffff" })
	void whatIsNoIndexMustBeRefused(String hex) {
		ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex + "0000000000"));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> MessageIndex.readFrom(bytes, 2));
	}

	@Test
	void builderMustTakeAsManyMessagesAsWereAnnounced() {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> MessageIndex.builder(0));
		MessageIndexBuilder two = MessageIndex.builder(2);
		two.add(1, 0, 0, 0);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(two::build)
			.withMessage("1 messages instead of 2");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> two.add(-1, 0, 0, 0));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> two.add(Integer.MAX_VALUE, 0, 0, 0));
		two.add(1, 0, 0, 0);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> two.add(1, 0, 0, 0));
	}

	@Test
	void memoryMustGrowWithTheMessagesAndWithWhatIsKnownOfThem() {
		long[] message = { 10, 0, MessageIndex.AT_ONCE, MessageIndex.NEVER };
		int empty = MessageIndexes.of(1, (i) -> message).memory() - Integer.BYTES;
		assertThat(empty).isPositive();
		assertThat(MessageIndexes.even(3, 10).memory()).isEqualTo(empty + 3 * 4);
		assertThat(MessageIndexes.even(3, 10, (i) -> 7).memory()).isEqualTo(empty + 3 * 8);
		assertThat(MessageIndexes.of(3, (i) -> new long[] { 10, 7, 1_000, 2_000 }).memory())
			.isEqualTo(empty + 3 * (4 + 4 + 8 + 8));
	}

	@Test
	void indexMustSayWhetherMessagesExpire() {
		assertThat(MessageIndexes.even(2, 10).isExpiring()).isFalse();
		assertThat(MessageIndexes.of(2, (i) -> new long[] { 10, 0, MessageIndex.AT_ONCE, 1_000 }).isExpiring())
			.isTrue();
	}

}
