package io.weir.broker.store.rocksdb;

import io.weir.broker.store.StorageException;

/** Hears, on a thread of the store that must not be blocked, of what went wrong there. */
interface StoreEvents {

	/** A batch could not be written: the database has to be opened again. */
	void writeFailed(StorageException reason);

	/** An error was met and what it hit has ended; the JVM may be unsound. */
	void error(Error error);

}
