package io.weir.broker.store.rocksdb;

/** When a process that compacts a topic is killed. */
enum CompactionStep {

	/** A page of the log was read, and what is superseded there is to be known. */
	SEARCHED,

	/** Entries are to be taken out, and the store has not heard of it. */
	ASKED,

	/** The store is taking them out. */
	REMOVING,

	/** They are gone, and nobody knows yet. */
	REMOVED

}
