package io.weir.wire.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;

import io.weir.message.Compression;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;

/** How batches are encoded. */
final class Encodings {

	private static final Choice<Compression> COMPRESSION = new Choice<>("compression",
			List.of(Compression.NONE, Compression.LZ4, Compression.ZSTD));

	private static final String SIZE = "uncompressed size";

	private Encodings() {
	}

	/** The size follows only if there is something to know. */
	static void write(ByteBuf out, BatchEncoding encoding) {
		COMPRESSION.write(out, encoding.compression());
		if (encoding.isCompressed()) {
			Varint.write(out, SIZE, 1, Limits.MAX_MESSAGE_SIZE, encoding.uncompressedSize());
		}
	}

	static BatchEncoding read(ByteBuf in) {
		Compression compression = COMPRESSION.read(in);
		return (compression == Compression.NONE) ? BatchEncoding.PLAIN
				: new BatchEncoding(compression, Varint.readInt(in, SIZE, 1, Limits.MAX_MESSAGE_SIZE));
	}

}
