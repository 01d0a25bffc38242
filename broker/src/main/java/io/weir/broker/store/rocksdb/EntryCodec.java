package io.weir.broker.store.rocksdb;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.message.Position;

/**
 * An entry as it is stored.
 *
 * <pre>
 * first sequence id 8 | publish time 8 | count 4 | length of the name 4 | name | length of the batch 4 | batch
 * </pre>
 */
final class EntryCodec {

	private EntryCodec() {
	}

	/** Writes an entry; the batch keeps its reader index. */
	static void encode(EntryHeader header, ByteBuf batch, ByteBuf out) {
		out.writeLong(header.firstSequence());
		out.writeLong(header.publishTime());
		out.writeInt(header.count());
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
		long firstSequence = in.readLong();
		long publishTime = in.readLong();
		int count = in.readInt();
		String producerName = in.readSlice(in.readInt()).toString(StandardCharsets.UTF_8);
		int length = in.readInt();
		if (count < 1) {
			throw new IllegalArgumentException("it has " + count + " messages");
		}
		if (length != in.readableBytes()) {
			throw new IllegalArgumentException("it has " + in.readableBytes() + " bytes instead of " + length);
		}
		return new Entry(position, new EntryHeader(producerName, firstSequence, count, publishTime), in.slice());
	}

}
