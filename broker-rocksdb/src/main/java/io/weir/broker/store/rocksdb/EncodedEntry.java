package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;

/**
 * An entry as it will be stored, but for its place in the log. It is made by the thread
 * that appends, since all topics share the committer's; what is left to do there does not
 * depend on how long the entry is. The batch is copied here, and not again by whoever
 * keeps it in memory.
 */
final class EncodedEntry {

	private final ByteBuf bytes;

	/** Of all that comes before the place. */
	private final CRC32C checksum;

	private final int placeIndex;

	private final int batchLength;

	private EncodedEntry(ByteBuf bytes, CRC32C checksum, int placeIndex, int batchLength) {
		this.bytes = bytes;
		this.checksum = checksum;
		this.placeIndex = placeIndex;
		this.batchLength = batchLength;
	}

	/** Encodes an entry; the batch stays its owner's. */
	static EncodedEntry of(EntryHeader header, ByteBuf batch) {
		int batchLength = batch.readableBytes();
		ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(EntryCodec.maxHeadLength(header) + batchLength);
		boolean complete = false;
		try {
			EntryCodec.encodeHead(header, bytes);
			int placeIndex = bytes.writerIndex();
			CRC32C checksum = new CRC32C();
			checksum.update(bytes.nioBuffer(0, placeIndex));
			bytes.writeZero(EntryCodec.PLACE_LENGTH);
			bytes.writeInt(batchLength);
			bytes.writeBytes(batch, batch.readerIndex(), batchLength);
			complete = true;
			return new EncodedEntry(bytes, checksum, placeIndex, batchLength);
		}
		finally {
			if (!complete) {
				bytes.release();
			}
		}
	}

	/**
	 * Says where the entry stands; called once.
	 * @param before how much the log has before it
	 * @return the bytes to be stored, valid until this is released
	 */
	ByteBuffer at(Extent before) {
		this.bytes.setLong(this.placeIndex, before.messages());
		this.bytes.setLong(this.placeIndex + Long.BYTES, before.bytes());
		this.checksum.update(this.bytes.nioBuffer(this.placeIndex, 2 * Long.BYTES));
		this.bytes.setInt(this.placeIndex + 2 * Long.BYTES, (int) this.checksum.getValue());
		return this.bytes.nioBuffer();
	}

	/** How many bytes the batch has. */
	int batchLength() {
		return this.batchLength;
	}

	/** The batch: releasing it releases the whole. */
	ByteBuf batch() {
		return this.bytes.slice(this.bytes.writerIndex() - this.batchLength, this.batchLength);
	}

	void release() {
		this.bytes.release();
	}

}
