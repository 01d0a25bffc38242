package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.StorageException;
import io.weir.message.Position;
import io.weir.message.Topic;

/** Reads the entries of one topic from the disk. Thread-safe; each call may block. */
final class LogReader {

	/** Read into to learn a value's size. */
	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final Database database;

	private final Topic topic;

	private final int topicNumber;

	LogReader(Database database, Topic topic, int topicNumber) {
		this.database = database;
		this.topic = topic;
		this.topicNumber = topicNumber;
	}

	/** The number of the last entry, or -1. */
	long last() throws RocksDBException {
		try (RocksIterator iterator = this.database.iterator(Column.LOG)) {
			iterator.seekForPrev(Keys.entry(this.topicNumber, Long.MAX_VALUE));
			iterator.status();
			boolean found = iterator.isValid() && Database.startsWith(iterator.key(), Keys.prefix(this.topicNumber));
			return found ? Keys.lastNumber(iterator.key()) : -1;
		}
	}

	/**
	 * How many messages the log has up to an entry.
	 * @param entry the number of the entry, which must exist, or -1
	 * @throws StorageException if it is damaged
	 */
	long ordinalAfter(long entry) {
		if (entry < 0) {
			return 0;
		}
		try (RocksIterator iterator = this.database.iterator(Column.LOG)) {
			return header(iterator, entry).nextOrdinal();
		}
	}

	/**
	 * Reads adjoining entries. Those before a damaged one are read; who then asks for the
	 * damaged one is told.
	 * @param from the first one, which must exist
	 * @param last the last one to read
	 * @throws StorageException if the first one is damaged
	 */
	List<Entry> read(long from, long last, int maxEntries, int maxBytes) {
		List<Entry> read = new ArrayList<>();
		try (RocksIterator iterator = this.database.iterator(Column.LOG)) {
			iterator.seek(Keys.entry(this.topicNumber, from));
			long left = maxBytes;
			for (long next = from; next <= last && read.size() < maxEntries; next++) {
				int size = sizeOf(iterator, next);
				left -= size;
				if (left < 0 && !read.isEmpty()) {
					break;
				}
				read.add(entry(iterator, next, size));
				iterator.next();
			}
		}
		catch (StorageException ex) {
			if (read.isEmpty()) {
				throw ex;
			}
		}
		catch (RuntimeException | Error ex) {
			read.forEach(Entry::release);
			throw ex;
		}
		return read;
	}

	/**
	 * Looks for an entry by its time, in as many steps as the log's length has bits.
	 * @param publishTime the time
	 * @param last the last entry to look at
	 * @return the number of an entry stored at the time or later, before which none or
	 * one stored earlier stands; or the number after the last
	 * @throws StorageException if an entry that was looked at is damaged
	 */
	long find(long publishTime, long last) {
		long earlier = -1;
		long found = last + 1;
		try (RocksIterator iterator = this.database.iterator(Column.LOG)) {
			while (found - earlier > 1) {
				long middle = (earlier + found) >>> 1;
				if (header(iterator, middle).publishTime() < publishTime) {
					earlier = middle;
				}
				else {
					found = middle;
				}
			}
		}
		return found;
	}

	private EntryHeader header(RocksIterator iterator, long entry) {
		iterator.seek(Keys.entry(this.topicNumber, entry));
		Entry read = entry(iterator, entry, sizeOf(iterator, entry));
		try {
			return read.header();
		}
		finally {
			read.release();
		}
	}

	private int sizeOf(RocksIterator iterator, long entry) {
		try {
			iterator.status();
		}
		catch (RocksDBException ex) {
			throw damaged(entry, ex.getMessage(), ex);
		}
		if (!iterator.isValid() || !Database.startsWith(iterator.key(), Keys.entry(this.topicNumber, entry))) {
			throw damaged(entry, "it is missing", null);
		}
		return iterator.value(NOTHING);
	}

	/** Copies an entry once, from RocksDB's block into a buffer of its size. */
	private Entry entry(RocksIterator iterator, long entry, int size) {
		ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(size, size);
		boolean complete = false;
		try {
			iterator.value(buffer.internalNioBuffer(0, size));
			Entry decoded = EntryCodec.decode(new Position(0, entry), buffer.writerIndex(size));
			complete = true;
			return decoded;
		}
		catch (IndexOutOfBoundsException | IllegalArgumentException ex) {
			throw damaged(entry, ex.getMessage(), ex);
		}
		finally {
			if (!complete) {
				buffer.release();
			}
		}
	}

	private StorageException damaged(long entry, @Nullable String reason, @Nullable Exception cause) {
		return new StorageException("Entry " + new Position(0, entry) + " of topic " + this.topic + " in "
				+ this.database.directory() + " is damaged: " + reason, cause);
	}

}
