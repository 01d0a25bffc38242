package io.weir.broker.store.rocksdb;

import java.nio.file.Path;

import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageProvider;
import io.weir.broker.store.StorageSettings;

/** Opens {@link RocksDbStorageEngine} for brokers that find it on the class path. */
public final class RocksDbStorageProvider implements StorageProvider {

	@Override
	public StorageEngine open(StorageSettings settings) {
		if (settings.salvage()) {
			RocksDbStorageEngine.salvage(settings.directory());
		}
		return RocksDbStorageEngine.open(settings.directory(), settings.durability(), settings.minFree(),
				settings.errors());
	}

	@Override
	public ScrubReport scrub(Path directory) {
		return RocksDbStorageEngine.scrub(directory);
	}

}
