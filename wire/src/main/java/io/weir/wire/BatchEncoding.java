package io.weir.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;

import io.weir.message.Compression;

/**
 * How the bytes of a batch become messages, and how it is seen that they are still those
 * that the producer made.
 *
 * @param compression how they are compressed
 * @param uncompressedSize how many bytes they are otherwise, from 1; 0 if they are not
 * compressed
 * @param checksum the CRC32C (RFC 3720, appendix B.4) of the bytes as they travel, so
 * that nobody decompresses them to verify it
 */
public record BatchEncoding(Compression compression, int uncompressedSize, int checksum) {

	/**
	 * Creates an encoding.
	 * @throws IllegalArgumentException if compression and size contradict each other
	 */
	public BatchEncoding {
		if ((compression == Compression.NONE) ? uncompressedSize != 0 : uncompressedSize < 1) {
			throw new IllegalArgumentException("A batch of compression " + compression + " cannot have "
					+ uncompressedSize + " bytes uncompressed");
		}
	}

	/**
	 * The encoding of a batch that is not compressed.
	 * @param batch the batch; keeps its reader index
	 * @return the encoding, with the batch's checksum
	 */
	public static BatchEncoding plain(ByteBuf batch) {
		return new BatchEncoding(Compression.NONE, 0, checksum(batch));
	}

	/**
	 * The encoding of a batch that is compressed.
	 * @param compression how
	 * @param uncompressedSize how many bytes it was before, from 1
	 * @param batch the batch as it is now; keeps its reader index
	 * @return the encoding, with the batch's checksum
	 */
	public static BatchEncoding compressed(Compression compression, int uncompressedSize, ByteBuf batch) {
		return new BatchEncoding(compression, uncompressedSize, checksum(batch));
	}

	/**
	 * Whether the bytes must be decompressed.
	 * @return whether they are compressed
	 */
	public boolean isCompressed() {
		return this.compression != Compression.NONE;
	}

	/**
	 * Whether a batch has the checksum: what its producer made, byte by byte.
	 * @param batch the batch; keeps its reader index
	 * @return whether it has
	 */
	public boolean matches(ByteBuf batch) {
		return this.checksum == checksum(batch);
	}

	/** In one pass and without a copy, wherever the bytes are. */
	private static int checksum(ByteBuf batch) {
		CRC32C checksum = new CRC32C();
		if (batch.nioBufferCount() == 1) {
			checksum.update(batch.nioBuffer());
		}
		else {
			for (ByteBuffer part : batch.nioBuffers()) {
				checksum.update(part);
			}
		}
		return (int) checksum.getValue();
	}

}
