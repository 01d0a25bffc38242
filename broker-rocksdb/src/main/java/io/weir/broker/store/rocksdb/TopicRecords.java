package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import org.rocksdb.RocksDBException;

/**
 * What is stored of each topic itself: all of it is in memory. Owned by the committer's
 * thread once loaded.
 *
 * <pre>
 * owner epoch 8 | first entry 8
 * </pre>
 *
 * Under the id of no topic is where new topics begin: behind all entries of those that
 * were deleted, so that a position of a deleted topic is none of another one.
 */
final class TopicRecords {

	private static final long NO_TOPIC = 0;

	private static final Stored NOTHING = new Stored(Long.MIN_VALUE, 0);

	private final LongObjectMap<Stored> topics = new LongObjectHashMap<>();

	/** Reads all records. */
	static TopicRecords load(Database database) throws RocksDBException {
		TopicRecords records = new TopicRecords();
		database.scan(Column.TOPICS, new byte[0],
				(key, value) -> records.topics.put(ByteBuffer.wrap(key).getLong(), decode(value)));
		return records;
	}

	/** Reads what is stored of one topic, whoever changes it meanwhile. */
	static Stored read(Database database, long topic) {
		byte[] value = database.get(Column.TOPICS, Keys.prefix(topic));
		return (value != null) ? decode(value) : NOTHING;
	}

	private static Stored decode(byte[] value) {
		ByteBuffer in = ByteBuffer.wrap(value);
		return new Stored(in.getLong(), in.getLong());
	}

	/**
	 * Topics of which something is stored and that have no name: the file with the names
	 * is damaged at its end. Where nothing is stored a crash came between.
	 */
	List<Long> nameless(Database database) throws RocksDBException {
		Set<Long> named = database.names().ids();
		List<Long> nameless = new ArrayList<>();
		for (long topic : this.topics.keySet()) {
			if (!named.contains(topic) && hasSomething(topic, database)) {
				nameless.add(topic);
			}
		}
		return nameless;
	}

	private static boolean hasSomething(long topic, Database database) throws RocksDBException {
		for (Column column : List.of(Column.LOG, Column.CURSORS, Column.SCHEDULE)) {
			if (database.hasAny(column, Keys.prefix(topic))) {
				return true;
			}
		}
		return false;
	}

	Stored of(long topic) {
		Stored stored = this.topics.get(topic);
		return (stored != null) ? stored : nextTopic();
	}

	/** What is taken to be stored of a topic that is not there. */
	private Stored nextTopic() {
		Stored stored = this.topics.get(NO_TOPIC);
		return (stored != null) ? stored : NOTHING;
	}

	void put(long topic, Stored record, AtomicBatch batch) throws RocksDBException {
		this.topics.put(topic, record);
		byte[] value = ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(record.ownerEpoch())
			.putLong(record.firstEntry())
			.array();
		batch.put(Column.TOPICS, Keys.prefix(topic), value);
	}

	/**
	 * Deletes the record of a topic.
	 * @param end the number after its last entry
	 */
	void delete(long topic, long end, AtomicBatch batch) throws RocksDBException {
		this.topics.remove(topic);
		batch.delete(Column.TOPICS, Keys.prefix(topic));
		if (end > nextTopic().firstEntry()) {
			put(NO_TOPIC, new Stored(Long.MIN_VALUE, end), batch);
		}
	}

	/**
	 * What is stored of a topic.
	 *
	 * @param ownerEpoch the highest with which it was opened
	 * @param firstEntry the first one that was not trimmed
	 */
	record Stored(long ownerEpoch, long firstEntry) {
	}

}
