package io.weir.broker.store.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;
import io.weir.broker.store.MessageIndex;
import io.weir.message.Compression;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;
import io.weir.wire.Position;

/**
 * An entry as it is stored.
 *
 * <pre>
 * first sequence id 8 | publish time 8 | compression 1, count 3 | uncompressed size 4, if compressed
 *     | checksum of the batch 4 | length of the name 4 | name | message index
 *     | messages before it 8 | bytes before it 8 | checksum of all this 4 | length of the batch 4 | batch
 * </pre>
 *
 * Compressions are 0 none, 1 LZ4, 2 Zstandard. The checksums are CRC32C; that of the
 * batch is the producer's; its consumers verify it, and so does whoever reads a batch
 * from the disk. What comes before the batch is verified here, since the broker relies on
 * it.
 */
final class EntryCodec {

	/** Of what is before it and the checksum. */
	static final int PLACE_LENGTH = 2 * Long.BYTES + Integer.BYTES;

	/** Of all fields but the name, the index and the batch. */
	private static final int FIXED_LENGTH = 2 * Long.BYTES + 4 * Integer.BYTES + PLACE_LENGTH + Integer.BYTES;

	private static final int COUNT_BITS = 24;

	private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

	private static final List<Compression> COMPRESSIONS = List.of(Compression.NONE, Compression.LZ4, Compression.ZSTD);

	private EntryCodec() {
	}

	/** How many bytes an entry takes at most beside its batch. */
	static int maxHeadLength(EntryHeader header) {
		return FIXED_LENGTH + ByteBufUtil.utf8Bytes(header.producerName()) + header.index().memory();
	}

	/** Writes what is known of an entry before it has its place in the log. */
	static void encodeHead(EntryHeader header, ByteBuf out) {
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
		header.index().writeTo(out);
	}

	/**
	 * Reads an entry, which takes the buffer over.
	 * @throws IndexOutOfBoundsException if a length does not fit
	 * @throws IllegalArgumentException if it is no entry otherwise
	 */
	static Entry decode(Position position, ByteBuf in) {
		int start = in.readerIndex();
		long firstSequence = in.readLong();
		long publishTime = in.readLong();
		int compressionAndCount = in.readInt();
		int count = compressionAndCount & COUNT_MASK;
		if (count < 1 || count > Limits.MAX_BATCH_MESSAGES) {
			throw new IllegalArgumentException("it has " + count + " messages");
		}
		BatchEncoding encoding = readEncoding(compressionAndCount >>> COUNT_BITS, in);
		String producerName = in.readSlice(in.readInt()).toString(StandardCharsets.UTF_8);
		MessageIndex index = MessageIndex.readFrom(in, count);
		Extent before = new Extent(in.readLong(), in.readLong());
		if (checksum(in, start, in.readerIndex()) != in.readInt()) {
			throw new IllegalArgumentException("its header or message index has changed");
		}
		int length = in.readInt();
		if (length != in.readableBytes()) {
			throw new IllegalArgumentException("it has " + in.readableBytes() + " bytes instead of " + length);
		}
		return new Entry(position, new EntryHeader(producerName, firstSequence, index, publishTime, encoding, before),
				in.slice());
	}

	private static int checksum(ByteBuf buffer, int start, int end) {
		CRC32C checksum = new CRC32C();
		checksum.update(buffer.nioBuffer(start, end - start));
		return (int) checksum.getValue();
	}

	private static BatchEncoding readEncoding(int compression, ByteBuf in) {
		if (compression >= COMPRESSIONS.size()) {
			throw new IllegalArgumentException("it has the unknown compression " + compression);
		}
		int uncompressedSize = (compression == 0) ? 0 : in.readInt();
		return new BatchEncoding(COMPRESSIONS.get(compression), uncompressedSize, in.readInt());
	}

}
