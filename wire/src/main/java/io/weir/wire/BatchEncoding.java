package io.weir.wire;

import io.weir.message.Compression;

/**
 * How the bytes of a batch become messages.
 *
 * @param compression how they are compressed
 * @param uncompressedSize how many bytes they are otherwise, from 1; 0 if they are not
 * compressed
 */
public record BatchEncoding(Compression compression, int uncompressedSize) {

	/** Not compressed. */
	public static final BatchEncoding PLAIN = new BatchEncoding(Compression.NONE, 0);

	/**
	 * Creates an encoding.
	 * @throws IllegalArgumentException if the two contradict each other
	 */
	public BatchEncoding {
		if ((compression == Compression.NONE) ? uncompressedSize != 0 : uncompressedSize < 1) {
			throw new IllegalArgumentException("A batch of compression " + compression + " cannot have "
					+ uncompressedSize + " bytes uncompressed");
		}
	}

	/**
	 * Whether the bytes must be decompressed.
	 * @return whether they are compressed
	 */
	public boolean isCompressed() {
		return this.compression != Compression.NONE;
	}

}
