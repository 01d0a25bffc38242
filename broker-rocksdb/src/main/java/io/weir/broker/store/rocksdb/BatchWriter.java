package io.weir.broker.store.rocksdb;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Writes to the disk. */
@FunctionalInterface
interface BatchWriter {

	/**
	 * Writes a batch.
	 * @param batch the batch, still its owner's
	 * @param sync whether it must be on the disk when the method returns, rather than in
	 * the operating system's hands
	 * @throws RocksDBException if anything failed: what is on the disk is then unknown
	 */
	void write(WriteBatch batch, boolean sync) throws RocksDBException;

}
