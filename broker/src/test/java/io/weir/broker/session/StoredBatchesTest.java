package io.weir.broker.session;

import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.wire.BatchEncoding;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.BatchCompression.EncodedBatch;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;

/** Which messages of a batch have the same key, and where each is. */
class StoredBatchesTest {

	private static final StoredBatches FORMAT = new StoredBatches();

	@Test
	void equalKeysMustHaveEqualHashesAndNoKeyCountsAsOne() {
		ByteBuf batch = batch("a", "b", null, "a", null);
		int[] hashes = FORMAT.keyHashes(entry(batch, 5));
		assertThat(hashes).hasSize(5);
		assertThat(hashes[3]).isEqualTo(hashes[0]).isNotEqualTo(hashes[1]);
		assertThat(hashes[4]).isEqualTo(hashes[2]).isNotEqualTo(hashes[0]);
		assertThat(batch.readerIndex()).isZero();
		assertThat(batch.refCnt()).isOne();
		batch.release();
	}

	@Test
	void keysOfACompressedBatchMustBeRead() {
		ByteBuf batch = batch("a key", "another key", "a key", "a key", "another key", "a key", "a key", "a key");
		EncodedBatch compressed = BatchCompression.compress(ByteBufAllocator.DEFAULT, Compression.LZ4, batch.retain());
		assertThat(compressed.encoding().isCompressed()).isTrue();
		EntryHeader header = new EntryHeader("p", 0, 8, 0, compressed.encoding());
		assertThat(FORMAT.keyHashes(new Entry(new Position(0, 0), header, compressed.bytes())))
			.isEqualTo(FORMAT.keyHashes(entry(batch, 8)));
		compressed.bytes().release();
		batch.release();
	}

	@Test
	void messagesThatCannotBeReadMustCountAsOfOneKey() {
		ByteBuf batch = batch("a", "b").writeByte(1);
		assertThat(FORMAT.keyHashes(entry(batch, 2))).hasSize(2);
		assertThat(IntStream.of(FORMAT.keyHashes(entry(batch, 2))).distinct().count()).isOne();
		batch.release();
	}

	@Test
	void messagesMustBeFoundUnlessTheyAreCompressed() {
		ByteBuf batch = batch("a", null, "abc");
		assertThat(FORMAT.messageEnds(entry(batch, 3))).containsExactly(5, 8, 15);
		EntryHeader header = new EntryHeader("p", 0, 3, 0, BatchEncoding.compressed(Compression.LZ4, 15, batch));
		assertThat(FORMAT.messageEnds(new Entry(new Position(0, 0), header, batch))).isNull();
		assertThat(FORMAT.messageEnds(entry(batch, 2))).as("what is not so many messages").isNull();
		batch.release();
	}

	@Test
	void batchThatIsDamagedMustNotBeDivided() {
		ByteBuf batch = batch("a", null, "abc");
		Entry entry = entry(batch, 3);
		assertThat(FORMAT.messageEnds(entry)).hasSize(3);
		batch.setByte(3, batch.getByte(3) ^ 1);
		assertThat(FORMAT.messageEnds(entry)).isNull();
		batch.release();
	}

	private static Entry entry(ByteBuf batch, int count) {
		return new Entry(new Position(0, 0), new EntryHeader("p", 0, count, 0, BatchEncoding.plain(batch)), batch);
	}

	private static ByteBuf batch(@Nullable String... keys) {
		ByteBuf batch = Unpooled.buffer();
		for (String key : keys) {
			MessageBatch.write(batch, new MessageRecord(key, null, Headers.empty(), Unpooled.EMPTY_BUFFER));
		}
		return batch;
	}

}
