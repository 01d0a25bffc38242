package io.weir.broker.store.rocksdb;

import java.nio.file.Path;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.Extent;
import io.weir.message.Topic;

import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.sealed;

/**
 * Changes what is stored in a data directory that nobody uses, below RocksDB's own
 * checksums.
 */
record DamagedDirectory(Path directory, Topic topic) {

	private static final int SIZE = 100;

	/** Changes a byte of the messages of an entry of one message. */
	void flipInBatch(long entry, int index) throws RocksDBException {
		byte[] changed = bytes(entry, SIZE);
		changed[index] ^= 1;
		overwrite(Column.LOG, Keys.entry(topicId(), entry), stored(entry, changed));
	}

	/** Makes an entry one that cannot be decoded. */
	void breakHeader(long entry) throws RocksDBException {
		overwrite(Column.LOG, Keys.entry(topicId(), entry), new byte[3]);
	}

	void lose(long entry) throws RocksDBException {
		try (Database database = Database.open(this.directory); AtomicBatch batch = new AtomicBatch(database)) {
			batch.delete(Column.LOG, Keys.entry(topicId(), entry));
			database.write(batch.content(), false);
		}
	}

	void overwrite(Column column, byte[] key, byte[] value) throws RocksDBException {
		try (Database database = Database.open(this.directory); AtomicBatch batch = new AtomicBatch(database)) {
			batch.put(column, key, value);
			database.write(batch.content(), false);
		}
	}

	/**
	 * Other messages as they would be stored with the header of those that belong there.
	 */
	static byte[] stored(long entry, byte[] batch) {
		EncodedEntry encoded = EncodedEntry.of(sealed(header("p", entry, 1), bytes(entry, SIZE)),
				Unpooled.wrappedBuffer(batch));
		try {
			return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(encoded.at(new Extent(entry, entry * SIZE))));
		}
		finally {
			encoded.release();
		}
	}

	long topicId() {
		try (TopicNames names = TopicNames.open(this.directory)) {
			return names.idOf(this.topic);
		}
	}

}
