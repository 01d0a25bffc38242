package io.weir.broker.session;

import java.util.BitSet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndexes;
import io.weir.message.Compression;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Frame;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What a consumer is sent of an entry. */
class FramesTest {

	/** Not at the beginning of its buffer, as what comes from the network. */
	private final ByteBuf batch = Unpooled.buffer()
		.writeZero(3)
		.writeBytes(ByteBufUtil.decodeHexDump("aa01bb02cc03dd04"))
		.skipBytes(3);

	private BatchEncoding encoding = BatchEncoding.plain(this.batch);

	@AfterEach
	void bufferMustBeReleasedOnce() {
		assertThat(this.batch.refCnt()).isZero();
	}

	@Test
	void wholeEntryMustHaveTheChecksumOfItsProducer() {
		this.encoding = new BatchEncoding(Compression.NONE, 0, 42);
		Frame.Deliver frame = frame(0, 4, bits(1));
		assertDelivers(frame, 0, 4, bits(1), "aa01bb02cc03dd04");
		assertThat(frame.encoding()).isEqualTo(this.encoding);
		frame.release();
	}

	@Test
	void partMustHaveItsOwnBytesAndChecksum() {
		Frame.Deliver frame = frame(1, 2, bits());
		assertDelivers(frame, 1, 2, bits(), "bb02cc03");
		assertThat(frame.encoding()).isEqualTo(BatchEncoding.plain(frame.batch()));
		frame.release();
	}

	@Test
	void damagedEntryMustGoWholeWithTheChecksumThatTellsSo() {
		this.batch.setByte(this.batch.readerIndex(), 0xAB);
		Frame.Deliver frame = frame(1, 3, bits(1));
		assertDelivers(frame, 0, 4, bits(0, 2), "ab01bb02cc03dd04");
		assertThat(frame.encoding()).isEqualTo(this.encoding);
		assertThat(frame.encoding().matches(frame.batch())).isFalse();
		frame.release();
	}

	@Test
	void twoPartsOfOneEntryMustNotDisturbEachOther() {
		Entry entry = entry();
		entry.retain();
		Frame.Deliver first = (Frame.Deliver) Frames.of(deliver(entry, 0, 1, bits()));
		Frame.Deliver second = (Frame.Deliver) Frames.of(deliver(entry, 3, 1, bits()));
		first.batch().skipBytes(2);
		first.release();
		assertDelivers(second, 3, 1, bits(), "dd04");
		second.release();
	}

	private static void assertDelivers(Frame.Deliver frame, int firstIndex, int count, BitSet passOver, String bytes) {
		assertThat(frame.firstIndex()).isEqualTo(firstIndex);
		assertThat(frame.count()).isEqualTo(count);
		assertThat(frame.acknowledged()).isEqualTo(passOver);
		assertThat(ByteBufUtil.hexDump(frame.batch())).isEqualTo(bytes);
	}

	private Frame.Deliver frame(int firstIndex, int count, BitSet passOver) {
		return (Frame.Deliver) Frames.of(deliver(entry(), firstIndex, count, passOver));
	}

	private Entry entry() {
		return new Entry(new Position(0, 7), new EntryHeader("p", 9, MessageIndexes.even(4, 2), 1, this.encoding),
				this.batch);
	}

	private static Effect.Deliver deliver(Entry entry, int firstIndex, int count, BitSet passOver) {
		return new Effect.Deliver(new Topic("t"), new Peer(1, 1), entry, firstIndex, count, 0,
				entry.bytes(firstIndex, count), passOver, true);
	}

	private static BitSet bits(int... indexes) {
		BitSet bits = new BitSet();
		for (int index : indexes) {
			bits.set(index);
		}
		return bits;
	}

}
