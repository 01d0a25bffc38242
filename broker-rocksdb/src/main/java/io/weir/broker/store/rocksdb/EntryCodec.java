package io.weir.broker.store.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.message.Compression;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Position;

/**
 * An entry as it is stored.
 *
 * <pre>
 * first ordinal 8 | first sequence id 8 | publish time 8 | compression 1, count 3
 *     | uncompressed size 4, if compressed | checksum 4 | length of the name 4 | name | length of the batch 4 | batch
 * </pre>
 *
 * Compressions are 0 none, 1 LZ4, 2 Zstandard.
 */
final class EntryCodec {

	private static final int COUNT_BITS = 24;

	private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

	private static final List<Compression> COMPRESSIONS = List.of(Compression.NONE, Compression.LZ4, Compression.ZSTD);

	private EntryCodec() {
	}

	/** Writes an entry; the batch keeps its reader index. */
	static void encode(EntryHeader header, ByteBuf batch, ByteBuf out) {
		out.writeLong(header.firstOrdinal());
		out.writeLong(header.firstSequence());
		out.writeLong(header.publishTime());
		BatchEncoding encoding = header.encoding();
		out.writeInt((COMPRESSIONS.indexOf(encoding.compression()) << COUNT_BITS) | header.count());
		if (encoding.isCompressed()) {
			out.writeInt(encoding.uncompressedSize());
		}
		out.writeInt(encoding.checksum());
		out.writeInt(ByteBufUtil.utf8Bytes(header.producerName()));
		out.writeCharSequence(header.producerName(), StandardCharsets.UTF_8);
		out.writeInt(batch.readableBytes());
		out.writeBytes(batch, batch.readerIndex(), batch.readableBytes());
	}

	/**
	 * Reads an entry, which takes the buffer over.
	 * @throws IndexOutOfBoundsException if a length does not fit
	 * @throws IllegalArgumentException if it is no entry otherwise
	 */
	static Entry decode(Position position, ByteBuf in) {
		long firstOrdinal = in.readLong();
		long firstSequence = in.readLong();
		long publishTime = in.readLong();
		int compressionAndCount = in.readInt();
		int count = compressionAndCount & COUNT_MASK;
		BatchEncoding encoding = readEncoding(compressionAndCount >>> COUNT_BITS, in);
		String producerName = in.readSlice(in.readInt()).toString(StandardCharsets.UTF_8);
		int length = in.readInt();
		if (count < 1) {
			throw new IllegalArgumentException("it has " + count + " messages");
		}
		if (length != in.readableBytes()) {
			throw new IllegalArgumentException("it has " + in.readableBytes() + " bytes instead of " + length);
		}
		return new Entry(position,
				new EntryHeader(producerName, firstSequence, count, publishTime, encoding, firstOrdinal), in.slice());
	}

	private static BatchEncoding readEncoding(int compression, ByteBuf in) {
		if (compression >= COMPRESSIONS.size()) {
			throw new IllegalArgumentException("it has the unknown compression " + compression);
		}
		int uncompressedSize = (compression == 0) ? 0 : in.readInt();
		return new BatchEncoding(COMPRESSIONS.get(compression), uncompressedSize, in.readInt());
	}

}
