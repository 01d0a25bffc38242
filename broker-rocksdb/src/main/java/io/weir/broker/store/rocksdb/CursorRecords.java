package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.broker.store.StorageException;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * What is stored for the subscriptions of one topic: one record for the cursor itself,
 * and of entries beyond it one for those with acknowledged messages and one for those
 * with messages that were delivered in vain, written when it changes and deleted when the
 * cursor has passed it. Owned by the committer's thread once loaded.
 *
 * <pre>
 * cursor:   acknowledged up to, entry 8 | name of the type
 * entry:    the indexes as {@link BitSet#toByteArray()}
 * counts:   as {@link RedeliveryCounts#toBytes()}
 * </pre>
 */
final class CursorRecords {

	private static final int CURSOR = 0;

	private static final int ENTRY = 1;

	private static final int REDELIVERIES = 2;

	private static final int END = 3;

	private final Topic topic;

	private final long topicId;

	private final Map<String, Stored> cursors = new HashMap<>();

	CursorRecords(Topic topic, long topicId) {
		this.topic = topic;
		this.topicId = topicId;
	}

	/** Reads all records; called before anything else. */
	Map<String, Cursor> load(Database database) throws RocksDBException {
		Map<String, Cursor> loaded = new HashMap<>();
		database.scan(Column.CURSORS, Keys.prefix(this.topicId), (key, value) -> {
			String subscription = Keys.name(key);
			int kind = key[Keys.named(this.topicId, subscription).length];
			if (kind == CURSOR) {
				Cursor cursor = decode(value);
				loaded.put(subscription, cursor);
				this.cursors.put(subscription, new Stored(cursor.type(), cursor.acknowledgedUpTo().entry()));
			}
			else {
				long entry = Keys.lastNumber(key);
				Position position = new Position(0, entry);
				Cursor cursor = Objects.requireNonNull(loaded.get(subscription), "cursor record missing");
				Stored stored = Objects.requireNonNull(this.cursors.get(subscription));
				if (kind == ENTRY) {
					cursor.entries().put(position, BitSet.valueOf(value));
					stored.entries.add(entry);
				}
				else {
					cursor.redeliveries().put(position, RedeliveryCounts.ofBytes(value));
					stored.counted.add(entry);
				}
			}
		});
		return Map.copyOf(loaded);
	}

	void create(String subscription, SubscriptionType type, long upTo, AtomicBatch batch) throws RocksDBException {
		Stored cursor = new Stored(type, upTo);
		if (this.cursors.putIfAbsent(subscription, cursor) != null) {
			throw new StorageException("Topic " + this.topic + " has a subscription '" + subscription + "' already",
					null);
		}
		putCursor(Keys.named(this.topicId, subscription), cursor, batch);
	}

	/**
	 * The entries are encoded indexes by entry, the counts encoded likewise, and empty to
	 * be forgotten.
	 */
	void acknowledge(String subscription, long upTo, Map<Long, byte[]> entries, Map<Long, byte[]> counts,
			AtomicBatch batch) throws RocksDBException {
		Stored cursor = cursor(subscription);
		byte[] prefix = Keys.named(this.topicId, subscription);
		byte[] entryPrefix = Keys.kind(prefix, ENTRY);
		if (upTo != cursor.upTo) {
			cursor.upTo = upTo;
			putCursor(prefix, cursor, batch);
		}
		for (Map.Entry<Long, byte[]> entry : entries.entrySet()) {
			if (entry.getKey() > upTo) {
				cursor.entries.add(entry.getKey());
				batch.put(Column.CURSORS, Keys.append(entryPrefix, entry.getKey()), entry.getValue());
			}
		}
		deletePassed(entryPrefix, cursor.entries, upTo, batch);
		if (!counts.isEmpty() || !cursor.counted.isEmpty()) {
			byte[] countPrefix = Keys.kind(prefix, REDELIVERIES);
			putCounts(countPrefix, cursor.counted, counts, batch);
			deletePassed(countPrefix, cursor.counted, upTo, batch);
		}
	}

	private static void putCounts(byte[] prefix, NavigableSet<Long> counted, Map<Long, byte[]> counts,
			AtomicBatch batch) throws RocksDBException {
		for (Map.Entry<Long, byte[]> entry : counts.entrySet()) {
			byte[] key = Keys.append(prefix, entry.getKey());
			if (entry.getValue().length > 0) {
				counted.add(entry.getKey());
				batch.put(Column.CURSORS, key, entry.getValue());
			}
			else if (counted.remove(entry.getKey())) {
				batch.delete(Column.CURSORS, key);
			}
		}
	}

	private static void deletePassed(byte[] prefix, NavigableSet<Long> entries, long upTo, AtomicBatch batch)
			throws RocksDBException {
		NavigableSet<Long> passed = entries.headSet(upTo, true);
		for (long entry : passed) {
			batch.delete(Column.CURSORS, Keys.append(prefix, entry));
		}
		passed.clear();
	}

	/** The entries are encoded indexes by entry. */
	void move(String subscription, long upTo, Map<Long, byte[]> entries, AtomicBatch batch) throws RocksDBException {
		Stored cursor = cursor(subscription);
		byte[] prefix = Keys.named(this.topicId, subscription);
		batch.deleteRange(Column.CURSORS, Keys.kind(prefix, ENTRY), Keys.kind(prefix, END));
		cursor.entries.clear();
		cursor.counted.clear();
		acknowledge(subscription, upTo, entries, Map.of(), batch);
	}

	private Stored cursor(String subscription) {
		Stored cursor = this.cursors.get(subscription);
		if (cursor == null) {
			throw new StorageException("Topic " + this.topic + " has no subscription '" + subscription + "'", null);
		}
		return cursor;
	}

	void delete(String subscription, AtomicBatch batch) throws RocksDBException {
		if (this.cursors.remove(subscription) != null) {
			byte[] prefix = Keys.named(this.topicId, subscription);
			batch.deleteRange(Column.CURSORS, Keys.kind(prefix, CURSOR), Keys.kind(prefix, END));
		}
	}

	private static void putCursor(byte[] prefix, Stored cursor, AtomicBatch batch) throws RocksDBException {
		byte[] type = cursor.type.name().getBytes(StandardCharsets.US_ASCII);
		byte[] value = ByteBuffer.allocate(Long.BYTES + type.length).putLong(cursor.upTo).put(type).array();
		batch.put(Column.CURSORS, Keys.kind(prefix, CURSOR), value);
	}

	private static Cursor decode(byte[] value) {
		String type = new String(value, Long.BYTES, value.length - Long.BYTES, StandardCharsets.US_ASCII);
		Position upTo = new Position(0, ByteBuffer.wrap(value).getLong());
		return new Cursor(SubscriptionType.valueOf(type), upTo, new TreeMap<>());
	}

	/** A cursor as far as it must be known for writing. */
	private static final class Stored {

		private final SubscriptionType type;

		private final NavigableSet<Long> entries = new TreeSet<>();

		private final NavigableSet<Long> counted = new TreeSet<>();

		private long upTo;

		Stored(SubscriptionType type, long upTo) {
			this.type = type;
			this.upTo = upTo;
		}

	}

}
