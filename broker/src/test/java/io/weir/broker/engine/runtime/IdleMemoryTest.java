package io.weir.broker.engine.runtime;

import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.memory.MemoryStorageEngine;

/** What is idle, in memory. */
class IdleMemoryTest extends IdleMemoryContract {

	@Override
	protected StorageEngine open() {
		return new MemoryStorageEngine();
	}

}
