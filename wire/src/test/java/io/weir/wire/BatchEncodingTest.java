package io.weir.wire;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import io.weir.message.Compression;

import static org.assertj.core.api.Assertions.assertThat;

class BatchEncodingTest {

	/** The check value of CRC-32C in every list of checksums. */
	@Test
	void theChecksumIsThatOfCastagnoli() {
		ByteBuf digits = Unpooled.wrappedBuffer("123456789".getBytes(StandardCharsets.US_ASCII));
		assertThat(BatchEncoding.plain(digits).checksum()).isEqualTo(0xE3069283);
		assertThat(digits.readerIndex()).isZero();
	}

	@Test
	void theBytesMayLieAnywhere() {
		byte[] bytes = new byte[10_000];
		new Random(7).nextBytes(bytes);
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, 10, 9_000);
		BatchEncoding expected = new BatchEncoding(Compression.NONE, 0, (int) checksum.getValue());
		ByteBuf heap = Unpooled.wrappedBuffer(bytes).slice(10, 9_000);
		ByteBuf direct = Unpooled.directBuffer().writeBytes(bytes).skipBytes(10).writerIndex(9_010);
		CompositeByteBuf pieces = Unpooled.compositeBuffer()
			.addComponent(true, direct.retainedSlice(10, 4_000))
			.addComponent(true, heap.retainedSlice(4_000, 5_000));
		for (ByteBuf batch : new ByteBuf[] { heap, direct, pieces }) {
			assertThat(BatchEncoding.plain(batch)).isEqualTo(expected);
			assertThat(expected.matches(batch)).isTrue();
			assertThat(batch.readableBytes()).isEqualTo(9_000);
		}
		pieces.release();
		direct.release();
	}

	@Test
	void aBitThatIsFlippedIsSeenAndAnEmptyBatchIsNot() {
		ByteBuf batch = Unpooled.buffer().writeZero(1_000);
		BatchEncoding encoding = BatchEncoding.compressed(Compression.LZ4, 5_000, batch);
		assertThat(encoding.isCompressed()).isTrue();
		assertThat(encoding.matches(batch)).isTrue();
		for (int bit = 0; bit < 8_000; bit += 77) {
			byte before = batch.getByte(bit / 8);
			batch.setByte(bit / 8, before ^ (1 << (bit % 8)));
			assertThat(encoding.matches(batch)).as("bit %d of %s", bit, ByteBufUtil.hexDump(batch, 0, 8)).isFalse();
			batch.setByte(bit / 8, before);
		}
		assertThat(encoding.matches(Unpooled.EMPTY_BUFFER)).isFalse();
	}

}
