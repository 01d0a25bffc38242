package io.weir.wire.codec;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * One compression. Buffers are direct, and used from position to limit. Safe to use from
 * any thread.
 */
interface Compressor {

	/** The most bytes that so many bytes become. */
	int maxCompressedSize(int size);

	/**
	 * Compresses.
	 * @return how many bytes were written, absolutely, from the position on
	 */
	int compress(ByteBuffer from, ByteBuffer to);

	/** Whether so many bytes can become as many as the other says. */
	boolean isPossible(int compressedSize, int uncompressedSize);

	/**
	 * Decompresses into exactly the room there is.
	 * @return what is wrong with the bytes, or {@code null} if they filled the room
	 */
	@Nullable String decompress(ByteBuffer from, ByteBuffer to);

}
