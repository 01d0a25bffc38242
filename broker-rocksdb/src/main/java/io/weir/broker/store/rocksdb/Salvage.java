package io.weir.broker.store.rocksdb;

import java.util.List;

import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;

/** Reads all topics, and gives up what cannot be read. */
final class Salvage {

	private static final Logger logger = LoggerFactory.getLogger(Salvage.class);

	private final Database database;

	Salvage(Database database) {
		this.database = database;
	}

	void run() {
		logger.warn("All topics in {} are read, and what cannot be read is given up", this.database.directory());
		try {
			TopicRecords records = TopicRecords.load(this.database);
			for (long id : records.nameless(this.database)) {
				logger.warn("The name of a topic is lost; it is called {} from now on",
						this.database.names().recover(id));
			}
			this.database.names().save();
			this.database.names().topics().forEach((topic) -> salvage(topic, records));
		}
		catch (RocksDBException ex) {
			throw new StorageException(Kind.DAMAGED,
					"The topics in " + this.database.directory() + " cannot be salvaged: " + ex.getMessage(), ex);
		}
	}

	private void salvage(Topic topic, TopicRecords records) {
		try {
			long id = this.database.names().idOf(topic);
			RemovedEntries removed = new RemovedEntries();
			removed.load(this.database, id);
			LogReader reader = new LogReader(this.database, topic, id, removed);
			long last = last(reader, ProducerRecords.lastEntry(new ProducerRecords(id).load(this.database)));
			List<Long> given = reader.giveUpDamaged(records.of(id).firstEntry(), last);
			if (!given.isEmpty()) {
				logger.warn("{} of the {} entries of topic {} cannot be read and were given up: from {} to {}",
						given.size(), last + 1, topic, given.get(0), given.get(given.size() - 1));
			}
		}
		catch (RocksDBException ex) {
			throw new StorageException(Kind.DAMAGED,
					"Topic " + topic + " in " + this.database.directory() + " cannot be salvaged: " + ex.getMessage(),
					ex);
		}
	}

	private static long last(LogReader reader, long known) {
		try {
			return reader.last(known);
		}
		catch (StorageException ex) {
			if (ex.kind() != Kind.DAMAGED) {
				throw ex;
			}
			return known;
		}
	}

}
