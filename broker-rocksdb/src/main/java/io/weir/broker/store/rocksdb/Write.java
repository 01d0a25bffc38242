package io.weir.broker.store.rocksdb;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.StorageException;

/**
 * Something to be committed. The committer calls {@link #addTo} at most once and then
 * exactly one of {@link #committed} and {@link #failed}, all on its own thread; a write
 * that it no longer takes fails on the thread that asked.
 */
interface Write {

	/** Whether it must be on the disk to be committed, where the engine promises that. */
	boolean sync();

	/**
	 * Whose write it is. If anything goes wrong with it that nobody foresaw, such as a
	 * lack of memory, that writer may not write any more: it might have left something
	 * out, or in disorder.
	 */
	default @Nullable TopicState writer() {
		return null;
	}

	/**
	 * Adds everything to the batch.
	 * @throws StorageException if the write is not allowed; nothing was added and only
	 * this write fails
	 * @throws RocksDBException if the batch cannot take it
	 */
	void addTo(AtomicBatch batch) throws RocksDBException;

	void committed();

	void failed(StorageException reason);

}
