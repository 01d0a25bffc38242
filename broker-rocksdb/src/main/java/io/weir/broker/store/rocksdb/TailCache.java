package io.weir.broker.store.rocksdb;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.Entry;
import io.weir.wire.Position;

/**
 * The entries that were appended last, of all topics together, for consumers that keep
 * up. Bounded by bytes; the oldest go first. Thread-safe.
 */
final class TailCache implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(TailCache.class);

	/**
	 * What an entry takes beside its bytes and its index: some 270 bytes of objects, by a
	 * histogram of the heap, and what the allocator rounds up.
	 */
	private static final int OVERHEAD = 320;

	private static final long LARGEST = 32L * 1024 * 1024;

	/**
	 * Which part of the memory it may take: a full cache is to leave room for clients.
	 */
	private static final int PART = 16;

	private final long maxBytes;

	@GuardedBy("this")
	private final Map<Key, Entry> entries = new LinkedHashMap<>();

	@GuardedBy("this")
	private long bytes;

	@GuardedBy("this")
	private boolean closed;

	TailCache(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/** A cache as large as is good for a JVM that may use so many bytes. */
	static TailCache forMemory(long memory) {
		return new TailCache(Math.min(LARGEST, memory / PART));
	}

	/**
	 * Takes the entry over, which it may release at once. Its buffer should not be a
	 * small part of a large one.
	 */
	void add(long topic, Entry entry) {
		try {
			put(topic, entry);
		}
		catch (OutOfMemoryError ex) {
			logger.debug("No memory to cache an entry; consumers read it from the disk", ex);
		}
	}

	private synchronized void put(long topic, Entry entry) {
		if (this.closed) {
			entry.release();
			return;
		}
		try {
			this.entries.put(new Key(topic, entry.position().entry()), entry);
		}
		catch (OutOfMemoryError ex) {
			entry.release();
			throw ex;
		}
		this.bytes += size(entry);
		Iterator<Entry> oldest = this.entries.values().iterator();
		while (this.bytes > this.maxBytes) {
			Entry evicted = oldest.next();
			oldest.remove();
			this.bytes -= size(evicted);
			evicted.release();
		}
	}

	/**
	 * Reads adjoining entries, as many as are here.
	 * @return the entries, which the caller must release; none if the first is not here
	 */
	synchronized List<Entry> read(long topic, long from, int maxEntries, int maxBytes) {
		List<Entry> read = new ArrayList<>();
		long left = maxBytes;
		Entry next = find(topic, from);
		while (next != null) {
			left -= next.batch().readableBytes();
			if (left < 0 && !read.isEmpty()) {
				break;
			}
			read.add(new Entry(next.position(), next.header(), next.batch().retainedSlice()));
			next = (read.size() < maxEntries) ? find(topic, from + read.size()) : null;
		}
		return read;
	}

	/** Entries are no longer in the log. */
	synchronized void remove(long topic, Set<Position> removed) {
		for (Position position : removed) {
			Entry entry = this.entries.remove(new Key(topic, position.entry()));
			if (entry != null) {
				this.bytes -= size(entry);
				entry.release();
			}
		}
	}

	@GuardedBy("this")
	private @Nullable Entry find(long topic, long entry) {
		return this.entries.get(new Key(topic, entry));
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.entries.values().forEach(Entry::release);
		this.entries.clear();
	}

	/** The header is kept as objects, and beside the batch as it is stored. */
	static long size(Entry entry) {
		return (long) entry.batch().readableBytes() + EntryCodec.maxHeadLength(entry.header())
				+ entry.header().index().memory() + OVERHEAD;
	}

	private record Key(long topic, long entry) {
	}

}
