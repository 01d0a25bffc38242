package io.weir.wire.codec;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;

import io.weir.message.Compression;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;

/** How batches are encoded, and which encodings somebody takes. */
final class Encodings {

	private static final List<Compression> NUMBERS = List.of(Compression.NONE, Compression.LZ4, Compression.ZSTD);

	private static final Choice<Compression> COMPRESSION = new Choice<>("compression", NUMBERS);

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

	/** A bit for each; that of none is never set. */
	static void writeSet(ByteBuf out, Set<Compression> compressions) {
		long bits = 0;
		for (int number = 1; number < NUMBERS.size(); number++) {
			bits |= compressions.contains(NUMBERS.get(number)) ? 1L << number : 0;
		}
		Varint.write(out, "compressions", bits);
	}

	/** Passes over what a later version may add. */
	static Set<Compression> readSet(ByteBuf in) {
		long bits = Varint.read(in, "compressions");
		Set<Compression> compressions = EnumSet.noneOf(Compression.class);
		for (int number = 1; number < NUMBERS.size(); number++) {
			if ((bits & (1L << number)) != 0) {
				compressions.add(NUMBERS.get(number));
			}
		}
		return compressions;
	}

}
