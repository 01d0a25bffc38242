package io.weir.broker.store.rocksdb;

/** For what a database is opened. */
enum Opening {

	/** To be used; it is made if there is none. */
	CREATE,

	/** To be used again; it must be there. */
	REOPEN,

	/** To be used, as far as its write-ahead log is whole; the rest is given up. */
	SALVAGE,

	/** To be read only: nothing is changed. */
	READ;

	/** Whether there need not be a database yet. */
	boolean creates() {
		return this == CREATE || this == SALVAGE;
	}

}
