package io.weir.wire.codec;

import java.nio.ByteBuffer;

import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;

/** LZ4 blocks. */
final class Lz4Compressor implements Compressor {

	/** No byte of a block stands for more than that many. */
	private static final int MAX_RATIO = 255;

	private final LZ4Factory factory = LZ4Factory.fastestInstance();

	@Override
	public int maxCompressedSize(int size) {
		return this.factory.fastCompressor().maxCompressedLength(size);
	}

	@Override
	public int compress(ByteBuffer from, ByteBuffer to) {
		return this.factory.fastCompressor()
			.compress(from, from.position(), from.remaining(), to, to.position(), to.remaining());
	}

	@Override
	public boolean isPossible(int compressedSize, int uncompressedSize) {
		return uncompressedSize <= (long) compressedSize * MAX_RATIO;
	}

	@Override
	public @Nullable String decompress(ByteBuffer from, ByteBuffer to) {
		try {
			int size = this.factory.safeDecompressor()
				.decompress(from, from.position(), from.remaining(), to, to.position(), to.remaining());
			return (size == to.remaining()) ? null : "they are " + size;
		}
		catch (LZ4Exception ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}
