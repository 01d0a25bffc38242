package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What is written to all columns at once, completely or not at all. Used by the
 * committer's thread only.
 */
final class AtomicBatch implements AutoCloseable {

	private final Database database;

	private final ByteBuffer key = ByteBuffer.allocateDirect(Keys.SCHEDULED_LENGTH);

	private final WriteBatch batch = new WriteBatch();

	AtomicBatch(Database database) {
		this.database = database;
	}

	/** What is added from now on can be {@linkplain #rollBack taken out} again. */
	void mark() {
		this.batch.setSavePoint();
	}

	/** Takes out what was added since {@link #mark}. */
	void rollBack() throws RocksDBException {
		this.batch.rollbackToSavePoint();
	}

	void put(Column column, byte[] key, byte[] value) throws RocksDBException {
		this.batch.put(this.database.family(column), key, value);
	}

	void putEntry(long topic, long entry, ByteBuffer bytes) throws RocksDBException {
		this.key.clear().putLong(topic).putLong(Keys.ordered(entry)).flip();
		this.batch.put(this.database.family(Column.LOG), this.key, bytes);
	}

	/** Takes a message into the schedule. */
	void putScheduled(byte[] key, ByteBuffer bytes) throws RocksDBException {
		this.key.clear().put(key).flip();
		this.batch.put(this.database.family(Column.SCHEDULE), this.key, bytes);
	}

	void delete(Column column, byte[] key) throws RocksDBException {
		this.batch.delete(this.database.family(column), key);
	}

	/** Deletes the keys from the first, inclusive, to the last, exclusive. */
	void deleteRange(Column column, byte[] first, byte[] end) throws RocksDBException {
		this.batch.deleteRange(this.database.family(column), first, end);
	}

	long bytes() {
		return this.batch.getDataSize();
	}

	boolean isEmpty() {
		return this.batch.count() == 0;
	}

	WriteBatch content() {
		return this.batch;
	}

	void clear() {
		this.batch.clear();
	}

	@Override
	public void close() {
		this.batch.close();
	}

}
