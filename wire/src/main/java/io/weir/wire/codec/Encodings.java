package io.weir.wire.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;

import io.weir.message.Compression;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;

/** How batches are encoded, and their checksums. */
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
		out.writeInt(encoding.checksum());
	}

	static BatchEncoding read(ByteBuf in) {
		Compression compression = COMPRESSION.read(in);
		int size = (compression == Compression.NONE) ? 0 : Varint.readInt(in, SIZE, 1, Limits.MAX_MESSAGE_SIZE);
		return new BatchEncoding(compression, size, readChecksum(in));
	}

	private static int readChecksum(ByteBuf in) {
		if (!in.isReadable(Integer.BYTES)) {
			throw Malformed.truncated("checksum");
		}
		return in.readInt();
	}

}
