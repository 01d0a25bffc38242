package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

import io.weir.broker.store.Damage;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StorageException;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** Reads the entries of one topic from the disk. Thread-safe; each call may block. */
final class LogReader {

	/** Read into to learn a value's size. */
	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final Database database;

	private final Topic topic;

	private final long topicId;

	private final RemovedEntries removed;

	private final boolean scanning;

	LogReader(Database database, Topic topic, long topicId, RemovedEntries removed) {
		this(database, topic, topicId, removed, false);
	}

	private LogReader(Database database, Topic topic, long topicId, RemovedEntries removed, boolean scanning) {
		this.removed = removed;
		this.database = database;
		this.topic = topic;
		this.topicId = topicId;
		this.scanning = scanning;
	}

	/** One that reads everything once, and leaves what others read in memory. */
	static LogReader scanning(Database database, Topic topic, long topicId, RemovedEntries removed) {
		return new LogReader(database, topic, topicId, removed, true);
	}

	private RocksIterator iterator() {
		return this.scanning ? this.database.scanner(Column.LOG) : this.database.iterator(Column.LOG);
	}

	/**
	 * The number of the last entry, or -1.
	 * @param known the number of an entry that was appended
	 * @throws StorageException if the end of the log is damaged and was not given up
	 */
	long last(long known) {
		try (RocksIterator iterator = iterator()) {
			iterator.seekForPrev(Keys.entry(this.topicId, Long.MAX_VALUE));
			iterator.status();
			boolean found = iterator.isValid() && Database.startsWith(iterator.key(), Keys.prefix(this.topicId));
			return Math.max(known, found ? Keys.lastNumber(iterator.key()) : -1);
		}
		catch (RocksDBException ex) {
			if (!isGivenUp(known)) {
				throw unreadable(known, ex);
			}
			return known;
		}
	}

	/**
	 * How much the log has up to an entry, without what was given up at its end.
	 * @param entry the number of the entry, or one before the first
	 * @param first the first entry that was not trimmed
	 * @param end the number after the last entry
	 * @throws StorageException if it is damaged
	 */
	Extent extentAfter(long entry, long first, long end) {
		for (long last = this.removed.keptUpTo(entry); last >= first; last = this.removed.keptUpTo(last - 1)) {
			Head head = headOrNothing(last);
			if (head != null) {
				return head.header().after(head.bytes());
			}
		}
		long readable = (first > 0) ? firstReadable(first, end) : end;
		Head head = (readable < end) ? headOrNothing(readable) : null;
		return (head != null) ? head.header().before() : Extent.NONE;
	}

	/**
	 * Reads entries in order, all that there are but those that were given up. Those
	 * before a damaged one are read; who then asks for the damaged one is told.
	 * @param first the first one
	 * @param last the last one to read
	 * @throws StorageException if the first one is damaged, unless it was given up and
	 * another one follows
	 */
	List<Entry> read(long first, long last, int maxEntries, int maxBytes) {
		long from = this.removed.keptFrom(first);
		try {
			return readAdjoining(from, last, maxEntries, maxBytes);
		}
		catch (StorageException ex) {
			long next = isGivenUp(from) ? firstReadable(from + 1, last + 1) : last + 1;
			if (next > last) {
				throw ex;
			}
			return readAdjoining(next, last, maxEntries, maxBytes);
		}
	}

	private List<Entry> readAdjoining(long from, long last, int maxEntries, int maxBytes) {
		List<Entry> read = new ArrayList<>();
		try (RocksIterator iterator = iterator()) {
			iterator.seek(Keys.entry(this.topicId, from));
			long left = maxBytes;
			long next = from;
			while (next <= last && read.size() < maxEntries) {
				int size = sizeOf(iterator, next);
				left -= size;
				if (left < 0 && !read.isEmpty()) {
					break;
				}
				read.add(entry(iterator, next, size));
				long behind = next + 1;
				next = this.removed.keptFrom(behind);
				if (next == behind) {
					iterator.next();
				}
				else if (next <= last) {
					iterator.seek(Keys.entry(this.topicId, next));
				}
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
	 * Looks for an entry by what grows along the log, in as many steps as the log's
	 * length has bits.
	 * @param tooEarly whether an entry comes before what is looked for
	 * @param first the first entry to look at
	 * @param last the last entry to look at
	 * @return the number of an entry that is not too early, before which none or one that
	 * is stands; or the number after the last
	 * @throws StorageException if an entry that was looked at is damaged
	 */
	long find(Predicate<EntryHeader> tooEarly, long first, long last) {
		long earlier = first - 1;
		long found = last + 1;
		while (found - earlier > 1) {
			long middle = (earlier + found) >>> 1;
			long readable = firstReadable(middle, found);
			Head head = (readable < found) ? headOrNothing(readable) : null;
			if (head != null && tooEarly.test(head.header())) {
				earlier = readable;
			}
			else {
				found = middle;
			}
		}
		return found;
	}

	/** The first entry that was not given up, or the end. */
	private long firstReadable(long from, long end) {
		long entry = this.removed.keptFrom(from);
		while (entry < end && headOrNothing(entry) == null) {
			entry = this.removed.keptFrom(entry + 1);
		}
		return Math.min(entry, end);
	}

	/** Nothing if the entry was given up. */
	private @Nullable Head headOrNothing(long entry) {
		try {
			return head(entry);
		}
		catch (StorageException ex) {
			if (!isGivenUp(entry)) {
				throw ex;
			}
			return null;
		}
	}

	/** With an iterator of its own: one that met damage also fails elsewhere. */
	private Head head(long entry) {
		try (RocksIterator iterator = iterator()) {
			iterator.seek(Keys.entry(this.topicId, entry));
			Entry read = head(iterator, entry, sizeOf(iterator, entry));
			try {
				return new Head(read.header(), read.batch().readableBytes());
			}
			finally {
				read.release();
			}
		}
	}

	/** The first entry from a number on that was not removed. */
	long keptFrom(long entry) {
		return this.removed.keptFrom(entry);
	}

	/**
	 * What is known of an entry, or {@code null} if it is damaged, removed or given up.
	 */
	@Nullable EntryHeader header(long entry) {
		try {
			return head(entry).header();
		}
		catch (DamagedEntryException ex) {
			return null;
		}
	}

	/** Verifies all of an entry: what is wrong with it, or {@code null} if nothing is. */
	@Nullable Damage damage(long entry) {
		try (RocksIterator iterator = iterator()) {
			iterator.seek(Keys.entry(this.topicId, entry));
			entry(iterator, entry, sizeOf(iterator, entry)).release();
			return null;
		}
		catch (DamagedEntryException ex) {
			return isGivenUp(entry) ? null : ex.damage();
		}
	}

	boolean isGivenUp(long entry) {
		return this.database.has(Column.GIVEN_UP, Keys.entry(this.topicId, entry));
	}

	/**
	 * Gives up the entries that cannot be read: from now on they are passed over.
	 * @param first the first entry
	 * @param last the last entry
	 * @return their numbers
	 */
	List<Long> giveUpDamaged(long first, long last) throws RocksDBException {
		List<Long> given = new ArrayList<>();
		try (WriteBatch marks = new WriteBatch()) {
			for (long entry = this.removed.keptFrom(first); entry <= last; entry = this.removed.keptFrom(entry + 1)) {
				try {
					headOrNothing(entry);
				}
				catch (StorageException ex) {
					if (ex.kind() != Kind.DAMAGED) {
						throw ex;
					}
					given.add(entry);
					marks.put(this.database.family(Column.GIVEN_UP), Keys.entry(this.topicId, entry), new byte[0]);
				}
			}
			this.database.write(marks, true);
		}
		return given;
	}

	private int sizeOf(RocksIterator iterator, long entry) {
		try {
			iterator.status();
		}
		catch (RocksDBException ex) {
			throw unreadable(entry, ex);
		}
		if (!iterator.isValid() || !Database.startsWith(iterator.key(), Keys.entry(this.topicId, entry))) {
			throw damaged(entry, "it is missing", null);
		}
		return iterator.value(NOTHING);
	}

	/** An entry of which all checksums fit. */
	private Entry entry(RocksIterator iterator, long entry, int size) {
		Entry read = head(iterator, entry, size);
		if (!read.isIntact()) {
			read.release();
			throw damaged(entry, "its messages have changed", null);
		}
		return read;
	}

	/**
	 * Copies an entry once, from RocksDB's block into a buffer of its size; the messages
	 * may have changed.
	 */
	private Entry head(RocksIterator iterator, long entry, int size) {
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

	/** A lack of file descriptors, for instance, passes. */
	private StorageException unreadable(long entry, RocksDBException ex) {
		if (Database.isDamage(ex)) {
			return damaged(entry, ex.getMessage(), ex);
		}
		return new StorageException(Kind.UNAVAILABLE, "Entry " + new Position(0, entry) + " of topic " + this.topic
				+ " in " + this.database.directory() + " cannot be read now: " + ex.getMessage(), ex);
	}

	private StorageException damaged(long entry, @Nullable String reason, @Nullable Exception cause) {
		Position position = new Position(0, entry);
		return new DamagedEntryException(new Damage(this.topic, position, "Entry " + position + " of topic "
				+ this.topic + " in " + this.database.directory() + " is damaged: " + reason), cause);
	}

	/** An entry without its bytes, of which it has so many. */
	private record Head(EntryHeader header, int bytes) {
	}

}
