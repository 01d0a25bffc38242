package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.broker.store.StorageException;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * What is stored for the subscriptions of one topic: one record for the cursor itself,
 * one for each entry that is a hole in what is acknowledged, and one for each entry with
 * messages that were delivered in vain. Owned by the committer's thread once loaded.
 *
 * <pre>
 * cursor:   acknowledged up to, entry 8 | holes up to, entry 8 | name of the type
 * entry:    messages 4 | the indexes acknowledged as {@link BitSet#toByteArray()}
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

	/** A map of its own as long as there are any. */
	private Map<String, Stored> cursors = Map.of();

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
				ownCursors().put(subscription, new Stored(cursor));
			}
			else {
				long entry = Keys.lastNumber(key);
				Cursor cursor = Objects.requireNonNull(loaded.get(subscription), "cursor record missing");
				if (kind == ENTRY) {
					cursor.entries().put(new Position(0, entry), decodeEntry(value));
				}
				else {
					cursor.redeliveries().put(new Position(0, entry), RedeliveryCounts.ofBytes(value));
					Objects.requireNonNull(this.cursors.get(subscription)).ownCounted().add(entry);
				}
			}
		});
		return Map.copyOf(loaded);
	}

	private Map<String, Stored> ownCursors() {
		this.cursors = this.cursors.isEmpty() ? new HashMap<>(2) : this.cursors;
		return this.cursors;
	}

	void create(String subscription, SubscriptionType type, long upTo, AtomicBatch batch) throws RocksDBException {
		Stored cursor = new Stored(Cursor.at(type, new Position(0, upTo)));
		if (ownCursors().putIfAbsent(subscription, cursor) != null) {
			throw new StorageException("Topic " + this.topic + " has a subscription '" + subscription + "' already",
					null);
		}
		putCursor(Keys.named(this.topicId, subscription), cursor, batch);
	}

	void acknowledge(String subscription, CursorChange change, AtomicBatch batch) throws RocksDBException {
		Stored cursor = cursor(subscription);
		byte[] prefix = Keys.named(this.topicId, subscription);
		if (cursor.moveTo(change.acknowledgedUpTo(), change.holesUpTo())) {
			putCursor(prefix, cursor, batch);
		}
		byte[] entryPrefix = Keys.kind(prefix, ENTRY);
		putEntries(entryPrefix, change.kept(), batch);
		for (Position position : change.forgotten()) {
			batch.delete(Column.CURSORS, Keys.append(entryPrefix, Keys.entry(position)));
		}
		if (!change.redeliveries().isEmpty() || !cursor.counted.isEmpty()) {
			putCounts(Keys.kind(prefix, REDELIVERIES), cursor, change.redeliveries(), batch);
		}
	}

	/** And forgets what the cursor has passed. */
	private static void putCounts(byte[] prefix, Stored cursor, Map<Position, RedeliveryCounts> counts,
			AtomicBatch batch) throws RocksDBException {
		NavigableSet<Long> known = cursor.ownCounted();
		for (Map.Entry<Position, RedeliveryCounts> counted : counts.entrySet()) {
			long entry = Keys.entry(counted.getKey());
			if (!counted.getValue().isEmpty()) {
				known.add(entry);
				batch.put(Column.CURSORS, Keys.append(prefix, entry), counted.getValue().toBytes());
			}
			else if (known.remove(entry)) {
				batch.delete(Column.CURSORS, Keys.append(prefix, entry));
			}
		}
		NavigableSet<Long> passed = known.headSet(cursor.upTo, true);
		for (long entry : passed) {
			batch.delete(Column.CURSORS, Keys.append(prefix, entry));
		}
		passed.clear();
		if (known.isEmpty()) {
			cursor.counted = Collections.emptyNavigableSet();
		}
	}

	void move(String subscription, Cursor target, AtomicBatch batch) throws RocksDBException {
		Stored cursor = cursor(subscription);
		byte[] prefix = Keys.named(this.topicId, subscription);
		byte[] entryPrefix = Keys.kind(prefix, ENTRY);
		batch.deleteRange(Column.CURSORS, entryPrefix, Keys.kind(prefix, END));
		cursor.counted = Collections.emptyNavigableSet();
		cursor.moveTo(target.acknowledgedUpTo(), target.holesUpTo());
		putCursor(prefix, cursor, batch);
		putEntries(entryPrefix, target.entries(), batch);
	}

	private static void putEntries(byte[] entryPrefix, Map<Position, PartialEntry> entries, AtomicBatch batch)
			throws RocksDBException {
		for (Map.Entry<Position, PartialEntry> entry : entries.entrySet()) {
			byte[] indexes = entry.getValue().acknowledged().toByteArray();
			byte[] value = ByteBuffer.allocate(Integer.BYTES + indexes.length)
				.putInt(entry.getValue().messages())
				.put(indexes)
				.array();
			batch.put(Column.CURSORS, Keys.append(entryPrefix, Keys.entry(entry.getKey())), value);
		}
	}

	private Stored cursor(String subscription) {
		Stored cursor = this.cursors.get(subscription);
		if (cursor == null) {
			throw new StorageException("Topic " + this.topic + " has no subscription '" + subscription + "'", null);
		}
		return cursor;
	}

	void delete(String subscription, AtomicBatch batch) throws RocksDBException {
		if (this.cursors.containsKey(subscription)) {
			this.cursors.remove(subscription);
			this.cursors = this.cursors.isEmpty() ? Map.of() : this.cursors;
			byte[] prefix = Keys.named(this.topicId, subscription);
			batch.deleteRange(Column.CURSORS, Keys.kind(prefix, CURSOR), Keys.kind(prefix, END));
		}
	}

	private static void putCursor(byte[] prefix, Stored cursor, AtomicBatch batch) throws RocksDBException {
		byte[] type = cursor.type.name().getBytes(StandardCharsets.US_ASCII);
		byte[] value = ByteBuffer.allocate(2 * Long.BYTES + type.length)
			.putLong(cursor.upTo)
			.putLong(cursor.holesUpTo)
			.put(type)
			.array();
		batch.put(Column.CURSORS, Keys.kind(prefix, CURSOR), value);
	}

	private static Cursor decode(byte[] value) {
		ByteBuffer in = ByteBuffer.wrap(value);
		Position upTo = new Position(0, in.getLong());
		Position holesUpTo = new Position(0, in.getLong());
		SubscriptionType type = SubscriptionType.valueOf(StandardCharsets.US_ASCII.decode(in).toString());
		return new Cursor(type, upTo, holesUpTo, new TreeMap<>(), new TreeMap<>());
	}

	private static PartialEntry decodeEntry(byte[] value) {
		ByteBuffer in = ByteBuffer.wrap(value);
		return new PartialEntry(in.getInt(), BitSet.valueOf(in));
	}

	/** A cursor as far as it must be known for writing. */
	private static final class Stored {

		private final SubscriptionType type;

		/** A set of its own as long as something is in it. */
		private NavigableSet<Long> counted = Collections.emptyNavigableSet();

		private long upTo;

		private long holesUpTo;

		Stored(Cursor cursor) {
			this.type = cursor.type();
			moveTo(cursor.acknowledgedUpTo(), cursor.holesUpTo());
		}

		NavigableSet<Long> ownCounted() {
			this.counted = this.counted.isEmpty() ? new TreeSet<>() : this.counted;
			return this.counted;
		}

		/** Says whether that changes anything. */
		boolean moveTo(Position acknowledgedUpTo, Position holes) {
			long upToBefore = this.upTo;
			long holesBefore = this.holesUpTo;
			this.upTo = Keys.entry(acknowledgedUpTo);
			this.holesUpTo = Keys.entry(holes);
			return this.upTo != upToBefore || this.holesUpTo != holesBefore;
		}

	}

}
