package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

import io.weir.wire.Position;

/**
 * Which entries in the middle of a topic's log were removed, in runs. So a reader tells
 * them from entries that are lost, and passes over a run at once, however long it is. In
 * GIVEN_UP a run stands under its first entry, with the number of its last one. Written
 * by the committer's thread, before it writes the same to the database: whatever is not
 * there any more is known here. Thread-safe.
 */
final class RemovedEntries {

	/** A map of its own from the first run on. */
	@GuardedBy("this")
	private NavigableMap<Long, Long> runs = Collections.emptyNavigableMap();

	/** As of most topics; spares readers the lock. */
	private volatile boolean empty = true;

	/** Reads what is stored of a topic. */
	void load(Database database, long topic) throws RocksDBException {
		try (RocksIterator iterator = database.iterator(Column.GIVEN_UP)) {
			for (iterator.seek(Keys.prefix(topic)); iterator.isValid()
					&& Database.startsWith(iterator.key(), Keys.prefix(topic)); iterator.next()) {
				if (iterator.value().length > 0) {
					long last = ByteBuffer.wrap(iterator.value()).getLong();
					loaded(Keys.lastNumber(iterator.key()), last);
				}
			}
			iterator.status();
		}
	}

	private synchronized void loaded(long first, long last) {
		begin();
		this.runs.put(first, last);
	}

	@GuardedBy("this")
	private void begin() {
		if (this.empty) {
			this.runs = new TreeMap<>();
			this.empty = false;
		}
	}

	/** The first entry from a number on that was not removed. */
	long keptFrom(long entry) {
		return this.empty ? entry : behindRun(entry);
	}

	private synchronized long behindRun(long entry) {
		Map.Entry<Long, Long> run = this.runs.floorEntry(entry);
		return (run != null && run.getValue() >= entry) ? run.getValue() + 1 : entry;
	}

	/** The last entry up to a number that was not removed. */
	long keptUpTo(long entry) {
		return this.empty ? entry : beforeRun(entry);
	}

	private synchronized long beforeRun(long entry) {
		Map.Entry<Long, Long> run = this.runs.floorEntry(entry);
		return (run != null && run.getValue() >= entry) ? run.getKey() - 1 : entry;
	}

	/** Puts into a batch what it takes to remove entries. */
	synchronized void remove(Set<Position> entries, long topic, AtomicBatch batch) throws RocksDBException {
		begin();
		for (Position position : entries) {
			long entry = Keys.entry(position);
			batch.delete(Column.LOG, Keys.entry(topic, entry));
			Map.Entry<Long, Long> before = this.runs.floorEntry(entry);
			if (before == null || before.getValue() < entry) {
				add(entry, before, topic, batch);
			}
		}
	}

	/** Runs that touch become one. */
	@GuardedBy("this")
	private void add(long entry, Map.@Nullable Entry<Long, Long> before, long topic, AtomicBatch batch)
			throws RocksDBException {
		boolean touches = before != null && before.getValue() == entry - 1;
		long first = (touches && before != null) ? before.getKey() : entry;
		long last = entry;
		Long after = this.runs.remove(entry + 1);
		if (after != null) {
			batch.delete(Column.GIVEN_UP, Keys.entry(topic, entry + 1));
			last = after;
		}
		this.runs.put(first, last);
		batch.put(Column.GIVEN_UP, Keys.entry(topic, first), ByteBuffer.allocate(Long.BYTES).putLong(last).array());
	}

	/** The log begins later. */
	synchronized void trim(long first) {
		if (!this.empty) {
			this.runs.headMap(first, false).clear();
		}
	}

}
