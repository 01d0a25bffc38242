package io.weir.broker.store.rocksdb;

import java.nio.file.Path;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.RemovedEntriesContract;

class RocksDbRemovedEntriesTest extends RemovedEntriesContract {

	@Override
	protected StorageEngine engine(Path directory) {
		return RocksDbStorageEngine.open(directory, Durability.OS);
	}

	@Override
	protected StorageEngine restart(StorageEngine running, Path directory) {
		running.close();
		return engine(directory);
	}

}
