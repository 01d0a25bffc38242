package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;

import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

import io.weir.broker.store.Entry;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.ScheduledPosition;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * What is stored of the messages of one topic that are to come into its log later: one
 * record for each, as {@link EntryCodec} writes it, and one for all, which says how many
 * there are. Owned by the committer's thread once loaded.
 *
 * <pre>
 * of all:   the number of the next message 8 | how many there are 8
 * </pre>
 */
final class ScheduleRecords {

	private static final int ALL = 0;

	private static final int MESSAGE = 1;

	private final long topic;

	private long nextNumber;

	private long size;

	private long firstDue = ScheduleStore.NEVER;

	ScheduleRecords(long topic) {
		this.topic = topic;
	}

	/** The key of the record of all. */
	private byte[] all() {
		return Keys.kind(Keys.prefix(this.topic), ALL);
	}

	/** Reads how much there is, and nothing of the messages. */
	void load(Database database) throws RocksDBException {
		database.scan(Column.SCHEDULE, all(), (key, value) -> {
			ByteBuffer in = ByteBuffer.wrap(value);
			this.nextNumber = in.getLong();
			this.size = in.getLong();
		});
		if (this.size > 0) {
			try (RocksIterator iterator = database.iterator(Column.SCHEDULE)) {
				iterator.seek(first());
				if (iterator.isValid() && isMessage(iterator.key())) {
					this.firstDue = ScheduledPosition.due(position(iterator.key()));
				}
				iterator.status();
			}
		}
	}

	/** As it was loaded. */
	long firstDue() {
		return this.firstDue;
	}

	/** How many messages there are. */
	long size() {
		return this.size;
	}

	Position add(long due, ByteBuffer bytes, AtomicBatch batch) throws RocksDBException {
		Position position = ScheduledPosition.of(due, this.nextNumber);
		batch.putScheduled(key(position), bytes);
		this.nextNumber++;
		this.size++;
		putAll(batch);
		return position;
	}

	void remove(Position scheduled, AtomicBatch batch) throws RocksDBException {
		batch.delete(Column.SCHEDULE, key(scheduled));
		this.size--;
		putAll(batch);
	}

	private void putAll(AtomicBatch batch) throws RocksDBException {
		byte[] value = ByteBuffer.allocate(2 * Long.BYTES).putLong(this.nextNumber).putLong(this.size).array();
		batch.put(Column.SCHEDULE, all(), value);
	}

	/** Where the messages begin: before the keys of all of them. */
	byte[] first() {
		return Keys.kind(Keys.prefix(this.topic), MESSAGE);
	}

	/** Where the messages begin that are due at a time or later. */
	byte[] from(long due) {
		return Keys.append(first(), due);
	}

	boolean isMessage(byte[] key) {
		return Database.startsWith(key, first());
	}

	byte[] key(Position scheduled) {
		return Keys.append(from(ScheduledPosition.due(scheduled)), scheduled.entry());
	}

	/**
	 * A message as it is stored.
	 * @throws IllegalArgumentException if it is damaged
	 */
	static Entry decode(Position position, byte[] value) {
		Entry entry;
		try {
			entry = EntryCodec.decode(position, Unpooled.wrappedBuffer(value));
		}
		catch (IndexOutOfBoundsException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
		if (!entry.isIntact()) {
			throw new IllegalArgumentException("it has changed");
		}
		return entry;
	}

	/** What is said of a message that is damaged. */
	static String damaged(Topic topic, Position position, @Nullable String reason) {
		return "Topic " + topic + ": the message that was to be delivered at " + ScheduledPosition.due(position)
				+ " (milliseconds since 1970), number " + position.entry() + ", is damaged: " + reason;
	}

	static Position position(byte[] key) {
		long due = Keys.ordered(ByteBuffer.wrap(key).getLong(key.length - 2 * Long.BYTES));
		return ScheduledPosition.of(due, Keys.lastNumber(key));
	}

}
