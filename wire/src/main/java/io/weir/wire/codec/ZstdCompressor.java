package io.weir.wire.codec;

import java.nio.ByteBuffer;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import org.jspecify.annotations.Nullable;

/** Zstandard frames (RFC 8878). */
final class ZstdCompressor implements Compressor {

	private final int level = Zstd.defaultCompressionLevel();

	@Override
	public int maxCompressedSize(int size) {
		return Math.toIntExact(Zstd.compressBound(size));
	}

	@Override
	public int compress(ByteBuffer from, ByteBuffer to) {
		long size = Zstd.compressDirectByteBuffer(to, to.position(), to.remaining(), from, from.position(),
				from.remaining(), this.level);
		if (Zstd.isError(size)) {
			throw new IllegalStateException("Zstandard cannot compress: " + Zstd.getErrorName(size));
		}
		return (int) size;
	}

	/** A few bytes may stand for any number of equal ones. */
	@Override
	public boolean isPossible(int compressedSize, int uncompressedSize) {
		return true;
	}

	@Override
	public @Nullable String decompress(ByteBuffer from, ByteBuffer to) {
		try {
			long size = Zstd.decompressDirectByteBuffer(to, to.position(), to.remaining(), from, from.position(),
					from.remaining());
			return (size == to.remaining()) ? null : wrong(size);
		}
		catch (ZstdException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	/** Not every version of the library throws. */
	private static String wrong(long size) {
		return Zstd.isError(size) ? Zstd.getErrorName(size) : "they are " + size;
	}

}
