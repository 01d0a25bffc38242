package io.weir.wire.codec;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import io.weir.message.Compression;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

/**
 * Compresses batches and decompresses them, with the libraries that there are. Safe to
 * use from any thread, each batch by one at a time.
 */
public final class BatchCompression {

	private static final Map<Compression, String> LIBRARIES = Map.of(Compression.LZ4, "at.yawk.lz4:lz4-java",
			Compression.ZSTD, "com.github.luben:zstd-jni");

	private static final Map<Compression, Compressor> COMPRESSORS = load();

	private BatchCompression() {
	}

	private static Map<Compression, Compressor> load() {
		Map<Compression, Compressor> loaded = new EnumMap<>(Compression.class);
		// No method references: making one of a class that cannot be loaded would fail
		// here.
		load(loaded, Compression.LZ4, () -> new Lz4Compressor());
		load(loaded, Compression.ZSTD, () -> new ZstdCompressor());
		return loaded;
	}

	private static void load(Map<Compression, Compressor> loaded, Compression compression,
			Supplier<Compressor> constructor) {
		try {
			loaded.put(compression, constructor.get());
		}
		catch (LinkageError ex) {
			// There is no such library, or none for this platform.
		}
	}

	/**
	 * The compressions for which there are libraries, besides {@link Compression#NONE}.
	 * @return the compressions
	 */
	public static Set<Compression> available() {
		return Collections.unmodifiableSet(COMPRESSORS.keySet());
	}

	/**
	 * Checks that there is a library.
	 * @param compression the compression
	 * @throws ProtocolException {@link ErrorCode#INVALID_CONFIGURATION} that says which
	 * library is missing
	 */
	public static void require(Compression compression) {
		if (compression != Compression.NONE) {
			compressor(compression);
		}
	}

	private static Compressor compressor(Compression compression) {
		Compressor compressor = COMPRESSORS.get(compression);
		if (compressor == null) {
			throw new ProtocolException(ErrorCode.INVALID_CONFIGURATION, "Compression " + compression + " needs "
					+ LIBRARIES.get(compression) + " on the class path, and a platform that it supports");
		}
		return compressor;
	}

	/**
	 * Compresses a batch, if it becomes smaller thereby.
	 * @param alloc where buffers come from
	 * @param compression how
	 * @param batch the messages; taken over
	 * @return the batch, which the caller must release, how it is encoded, and its
	 * checksum
	 * @throws ProtocolException as {@link #require(Compression)}
	 */
	public static EncodedBatch compress(ByteBufAllocator alloc, Compression compression, ByteBuf batch) {
		if (compression == Compression.NONE) {
			return plain(batch);
		}
		ByteBuf compressed = null;
		try {
			compressed = compressed(alloc, compressor(compression), batch);
		}
		finally {
			if (compressed == null) {
				batch.release();
			}
		}
		int size = batch.readableBytes();
		if (compressed.readableBytes() >= size) {
			compressed.release();
			return plain(batch);
		}
		batch.release();
		return new EncodedBatch(BatchEncoding.compressed(compression, size, compressed), compressed);
	}

	private static EncodedBatch plain(ByteBuf batch) {
		return new EncodedBatch(BatchEncoding.plain(batch), batch);
	}

	/** In a buffer of its exact size: it is held until it is answered. */
	private static ByteBuf compressed(ByteBufAllocator alloc, Compressor compressor, ByteBuf batch) {
		int size = batch.readableBytes();
		ByteBuf from = direct(alloc, batch);
		try {
			ByteBuf to = alloc.directBuffer(compressor.maxCompressedSize(size));
			try {
				int length = compressor.compress(from.nioBuffer(), to.nioBuffer(0, to.capacity()));
				return alloc.directBuffer(length, length).writeBytes(to, 0, length);
			}
			finally {
				to.release();
			}
		}
		finally {
			from.release();
		}
	}

	/**
	 * The batch as {@link MessageBatch} reads it, compressed or not.
	 * @param alloc where buffers come from
	 * @param encoding how it is encoded; its size, which the caller has bounded, is
	 * allocated
	 * @param batch the batch; keeps its reader index, stays the caller's
	 * @return the messages, which the caller must release
	 * @throws ProtocolException {@link ErrorCode#PROTOCOL_VIOLATION} if the bytes are not
	 * what the encoding says; and as {@link #require(Compression)}
	 */
	public static ByteBuf decompress(ByteBufAllocator alloc, BatchEncoding encoding, ByteBuf batch) {
		if (!encoding.isCompressed()) {
			return batch.retainedSlice();
		}
		Compressor compressor = compressor(encoding.compression());
		int size = encoding.uncompressedSize();
		if (size > Limits.MAX_MESSAGE_SIZE || !compressor.isPossible(batch.readableBytes(), size)) {
			throw Malformed.bytes("A batch of " + batch.readableBytes() + " bytes of " + encoding.compression()
					+ " cannot have " + size + " bytes uncompressed");
		}
		ByteBuf from = direct(alloc, batch);
		ByteBuf to = null;
		boolean complete = false;
		try {
			to = alloc.directBuffer(size, size);
			String wrong = compressor.decompress(from.nioBuffer(), to.internalNioBuffer(0, size));
			if (wrong != null) {
				throw Malformed.bytes(
						"The bytes of a batch are not " + size + " bytes in " + encoding.compression() + ": " + wrong);
			}
			complete = true;
			return to.writerIndex(size);
		}
		finally {
			from.release();
			if (to != null && !complete) {
				to.release();
			}
		}
	}

	/** The same bytes in one piece of native memory, to be released. */
	private static ByteBuf direct(ByteBufAllocator alloc, ByteBuf batch) {
		if (batch.isDirect() && batch.nioBufferCount() == 1) {
			return batch.retainedSlice();
		}
		int size = batch.readableBytes();
		return alloc.directBuffer(size, size).writeBytes(batch, batch.readerIndex(), size);
	}

	/**
	 * A batch and how it is encoded.
	 *
	 * @param encoding how
	 * @param bytes the bytes
	 */
	public record EncodedBatch(BatchEncoding encoding, ByteBuf bytes) {
	}

}
