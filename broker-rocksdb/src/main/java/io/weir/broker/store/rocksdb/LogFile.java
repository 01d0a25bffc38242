package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * What is in one file of RocksDB's write-ahead log, as its checksums tell. The file is a
 * sequence of blocks; a record that does not fit into what is left of one is cut into
 * fragments, and a rest of less than a header is padding.
 *
 * <pre>
 * fragment: masked CRC32C of the type and all that follows 4 | length 2 | type 1
 *     | number of the log 4, if it may be recycled | bytes
 * </pre>
 *
 * Numbers are little-endian.
 *
 * @param file the file
 * @param size its size in bytes
 * @param records how many whole records with data it has before the first that is not
 * @param intactSize where the last whole record ends: its size, if all is well
 * @param lastSequence the sequence number of the last of those, or -1
 * @param goodAfter where after the first damage another record with data begins, or -1
 */
record LogFile(Path file, long size, long records, long intactSize, long lastSequence, long goodAfter) {

	private static final int BLOCK = 32 * 1024;

	private static final int HEADER = 7;

	private static final int RECYCLABLE_HEADER = 11;

	private static final int CRC_MASK = 0xa282ead8;

	private static final int FULL = 1;

	private static final int FIRST = 2;

	private static final int LAST = 4;

	/** The same again for files that may be recycled; beyond them are no data. */
	private static final int RECYCLABLE = 4;

	private static final int LAST_DATA_TYPE = LAST + RECYCLABLE;

	boolean isIntact() {
		return this.intactSize == this.size;
	}

	/** Reads a file. */
	static LogFile read(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
			return new Scan(file, channel).run();
		}
	}

	/** Reads one file, block by block. */
	private static final class Scan {

		private final Path file;

		private final FileChannel channel;

		private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);

		private final CRC32C crc = new CRC32C();

		private long records;

		private long intactSize;

		private long lastSequence = -1;

		/** Of the record of which fragments were read, or -1. */
		private long pendingSequence = -1;

		private boolean damaged;

		private long goodAfter = -1;

		Scan(Path file, FileChannel channel) {
			this.file = file;
			this.channel = channel;
		}

		LogFile run() throws IOException {
			long size = this.channel.size();
			for (long start = 0; start < size && this.goodAfter < 0; start += BLOCK) {
				this.block.clear();
				while (this.block.hasRemaining() && this.channel.read(this.block, start + this.block.position()) > 0) {
					// Until the block is full or the file at its end
				}
				readBlock(start, this.block.position());
			}
			return new LogFile(this.file, size, this.records, this.intactSize, this.lastSequence, this.goodAfter);
		}

		private void readBlock(long start, int length) {
			int offset = 0;
			while (!this.damaged && BLOCK - offset >= HEADER && offset < length) {
				int fragment = fragmentLength(offset, length);
				if (fragment < 0) {
					this.damaged = true;
				}
				else {
					take(offset, start + offset + fragment);
					offset += fragment;
				}
			}
			if (this.damaged) {
				look(start, offset, length);
			}
			else if (this.intactSize == start + offset && length == BLOCK) {
				this.intactSize = start + BLOCK;
			}
		}

		/** A fragment is whole: perhaps its record is. */
		private void take(int offset, long end) {
			int type = type(offset);
			int kind = (type > LAST && type <= LAST_DATA_TYPE) ? type - RECYCLABLE : type;
			if (kind == FULL || kind == FIRST) {
				this.pendingSequence = sequence(offset);
			}
			if (kind == FULL || kind == LAST) {
				this.records++;
				this.lastSequence = this.pendingSequence;
			}
			if (kind == FULL || kind >= LAST) {
				this.intactSize = end;
			}
		}

		/** Looks for a whole fragment with which a record with data begins. */
		private void look(long start, int from, int length) {
			for (int offset = from; offset < length && this.goodAfter < 0; offset++) {
				int type = (length - offset >= HEADER) ? type(offset) : 0;
				boolean begins = type == FULL || type == FIRST;
				if (begins && fragmentLength(offset, length) > 0) {
					this.goodAfter = start + offset;
				}
			}
		}

		/** The length with the header, or -1 if it is none. */
		private int fragmentLength(int offset, int length) {
			if (length - offset < HEADER) {
				return -1;
			}
			int fragment = headerLength(offset) + (this.block.getShort(offset + 4) & 0xffff);
			if (fragment > length - offset) {
				return -1;
			}
			this.crc.reset();
			this.crc.update(this.block.array(), offset + HEADER - 1, fragment - HEADER + 1);
			int value = (int) this.crc.getValue();
			int masked = Integer.rotateRight(value, 15) + CRC_MASK;
			return (masked == this.block.getInt(offset)) ? fragment : -1;
		}

		private int headerLength(int offset) {
			int type = type(offset);
			boolean recyclable = (type > LAST && type <= LAST_DATA_TYPE) || type == 11 || type == 131;
			return recyclable ? RECYCLABLE_HEADER : HEADER;
		}

		private int type(int offset) {
			return this.block.get(offset + HEADER - 1) & 0xff;
		}

		/** A record with data begins with the number of its first change. */
		private long sequence(int offset) {
			int data = offset + headerLength(offset);
			return (data + Long.BYTES <= this.block.position()) ? this.block.getLong(data) : -1;
		}

	}

}
