package io.weir.broker.store.rocksdb;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.engine.runtime.IdleMemoryContract;
import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;

/** What is idle, in a data directory. */
class IdleMemoryOnDiskTest extends IdleMemoryContract {

	@TempDir
	Path data;

	@Override
	protected StorageEngine open() {
		return RocksDbStorageEngine.open(this.data, Durability.OS);
	}

}
