package io.weir.broker.store;

import java.nio.file.Path;

import io.weir.broker.store.memory.MemoryStorageEngine;

/** Slow, and reordering nothing: the contract allows for that. */
class FaultyScheduleTest extends ScheduleContract {

	@Override
	protected StorageEngine engine(Path directory) {
		return new FaultyStorageEngine(new MemoryStorageEngine());
	}

}
