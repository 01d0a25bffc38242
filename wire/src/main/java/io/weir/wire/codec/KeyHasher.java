package io.weir.wire.codec;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the keys of one batch, without making an object of each: equal keys have equal
 * hashes, whoever computes them.
 */
final class KeyHasher {

	private final ByteBuf batch;

	private final CRC32C checksum = new CRC32C();

	/** The whole batch, when there was a key and the batch lies in one piece. */
	private @Nullable ByteBuffer whole;

	KeyHasher(ByteBuf batch) {
		this.batch = batch;
	}

	/**
	 * Hashes the UTF-8 of a key.
	 * @param index where it begins in the batch
	 * @param length its length in bytes
	 */
	int hash(int index, int length) {
		this.checksum.reset();
		this.checksum.update(bytes(index, length));
		return (int) this.checksum.getValue();
	}

	private ByteBuffer bytes(int index, int length) {
		if (this.whole == null) {
			if (this.batch.nioBufferCount() != 1) {
				return this.batch.nioBuffer(index, length);
			}
			this.whole = this.batch.nioBuffer();
		}
		int start = index - this.batch.readerIndex();
		return this.whole.limit(start + length).position(start);
	}

}
