package io.weir.broker.store.memory;

import java.nio.file.Path;

import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.RemovedEntriesContract;

class MemoryRemovedEntriesTest extends RemovedEntriesContract {

	@Override
	protected StorageEngine engine(Path directory) {
		return new MemoryStorageEngine();
	}

}
