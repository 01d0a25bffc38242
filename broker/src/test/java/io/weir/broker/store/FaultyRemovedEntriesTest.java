package io.weir.broker.store;

import java.nio.file.Path;

import io.weir.broker.store.memory.MemoryStorageEngine;

/** Slow, and reordering nothing: the contract allows for that. */
class FaultyRemovedEntriesTest extends RemovedEntriesContract {

	@Override
	protected StorageEngine engine(Path directory) {
		return new FaultyStorageEngine(new MemoryStorageEngine());
	}

}
