package io.weir.broker.store.rocksdb;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the space of deleted entries back to the volume. RocksDB does so when it compacts
 * the tables that they are in, which it does as it is written to: of a topic that rests
 * it would keep them for ever, and the latest ones in its write-ahead log, too. So what
 * was deleted is noted here, and when it is worth the work, the columns are brought to
 * tables, which frees the write-ahead log, and the tables of those entries are compacted.
 * Thread-safe.
 */
final class FreedSpace implements AutoCloseable {

	/** Less is left to RocksDB. */
	static final long WORTH = 16 * 1024 * 1024;

	/** Of that, a topic with less waits until there is more. */
	private static final long WORTH_OF_TOPIC = WORTH / 16;

	private static final Logger logger = LoggerFactory.getLogger(FreedSpace.class);

	private final Database database;

	private final CompactRangeOptions options = new CompactRangeOptions().setExclusiveManualCompaction(false);

	@GuardedBy("noted")
	private final Map<Long, Deleted> noted = new HashMap<>();

	@GuardedBy("this")
	private boolean closed;

	FreedSpace(Database database) {
		this.database = database;
	}

	/** All entries of a topic before a number were deleted. */
	void trimmed(long topic, long end) {
		byte[] key = Keys.entry(topic, end);
		note(topic, new Deleted(key, key, 0));
	}

	/** A topic was deleted. */
	void deleted(long topic) {
		byte[] key = Keys.end(topic);
		note(topic, new Deleted(key, key, 0));
	}

	/** Some entries of a topic up to a number were deleted, with about so many bytes. */
	void removed(long topic, long last, long bytes) {
		note(topic, new Deleted(Keys.prefix(topic), Keys.entry(topic, last + 1), bytes));
	}

	private void note(long topic, Deleted deleted) {
		synchronized (this.noted) {
			this.noted.merge(topic, deleted, Deleted::with);
		}
	}

	/**
	 * Frees space if it is worth the work, which may take some seconds.
	 * @return about how many bytes were freed
	 */
	synchronized long free() {
		if (this.closed) {
			return 0;
		}
		try {
			return freeIfWorth();
		}
		catch (RocksDBException ex) {
			logger.warn("Space of deleted messages in {} is freed later: {}", this.database.directory(),
					ex.getMessage());
			return 0;
		}
	}

	@GuardedBy("this")
	private long freeIfWorth() throws RocksDBException {
		Map<Long, Deleted> worth = new HashMap<>();
		long all = 0;
		for (Map.Entry<Long, Deleted> each : noted().entrySet()) {
			long bytes = each.getValue().bytes()
					+ this.database.bytes(Keys.prefix(each.getKey()), each.getValue().allBefore());
			all += bytes;
			if (bytes >= WORTH_OF_TOPIC) {
				worth.put(each.getKey(), each.getValue());
			}
		}
		if (all < WORTH || worth.isEmpty()) {
			return 0;
		}
		this.database.flush(Column.values());
		for (Map.Entry<Long, Deleted> each : worth.entrySet()) {
			this.database.compact(Keys.prefix(each.getKey()), each.getValue().end(), this.options);
			forget(each.getKey(), each.getValue());
		}
		return all;
	}

	private Map<Long, Deleted> noted() {
		synchronized (this.noted) {
			return new HashMap<>(this.noted);
		}
	}

	private void forget(long topic, Deleted done) {
		synchronized (this.noted) {
			this.noted.computeIfPresent(topic, (id, now) -> now.equals(done) ? null : now.without(done));
		}
	}

	/** Ends what is under way; nothing is freed any more. */
	@Override
	public void close() {
		this.options.setCanceled(true);
		synchronized (this) {
			if (!this.closed) {
				this.closed = true;
				this.options.close();
			}
		}
	}

	/**
	 * What was deleted of a topic.
	 *
	 * @param allBefore the key before which everything was
	 * @param end the key before which some more was
	 * @param bytes about how many bytes more
	 */
	@SuppressWarnings("ArrayRecordComponent") // told apart by identity
	private record Deleted(byte[] allBefore, byte[] end, long bytes) {

		Deleted with(Deleted later) {
			return new Deleted(later(this.allBefore, later.allBefore), later(this.end, later.end),
					this.bytes + later.bytes);
		}

		Deleted without(Deleted done) {
			return new Deleted(this.allBefore, this.end, Math.max(0, this.bytes - done.bytes));
		}

		private static byte[] later(byte[] one, byte[] other) {
			return (Arrays.compareUnsigned(one, other) < 0) ? other : one;
		}

	}

}
