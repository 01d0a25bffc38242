package io.weir.broker.store.rocksdb;

import java.nio.charset.StandardCharsets;

import org.rocksdb.RocksDB;

/**
 * The column families; one write-ahead log serves them all. {@link Keys} has the keys.
 */
enum Column {

	/** What brokers share. */
	METADATA(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8)),
	/** Who may open a topic, and where its log begins. */
	TOPICS("topics"),
	/** Which entries were given up, because they are damaged, and which were removed. */
	GIVEN_UP("given-up"),
	/** The entries. */
	LOG("log"),
	/** What is needed to recognise duplicates. */
	PRODUCERS("producers"),
	/** What subscriptions have acknowledged. */
	CURSORS("cursors"),
	/** The messages that are to come into the log later. */
	SCHEDULE("schedule");

	private final String familyName;

	Column(String familyName) {
		this.familyName = familyName;
	}

	byte[] familyName() {
		return this.familyName.getBytes(StandardCharsets.UTF_8);
	}

}
