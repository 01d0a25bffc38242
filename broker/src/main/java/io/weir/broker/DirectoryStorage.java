package io.weir.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageProvider;
import io.weir.broker.store.StorageSettings;

/** Finds the storage engine for a data directory on the class path. */
final class DirectoryStorage {

	private static final String SETTING = "dataDirectory";

	private DirectoryStorage() {
	}

	/**
	 * Opens the engine.
	 * @throws BrokerException if there is none, or more than one
	 */
	static StorageEngine open(Path directory, BrokerSettings settings) {
		return provider(directory).open(new StorageSettings(directory, settings.durability(), settings.salvage(),
				settings.storageMinFree(), settings.errors()));
	}

	/**
	 * Verifies a data directory.
	 * @throws BrokerException if that is not possible, or there is no engine, or more
	 * than one
	 */
	static ScrubReport scrub(Path directory) {
		try {
			return provider(directory).scrub(directory);
		}
		catch (StorageException ex) {
			throw new BrokerException(String.valueOf(ex.getMessage()), SETTING, ex);
		}
	}

	private static StorageProvider provider(Path directory) {
		return only(directory,
				ServiceLoader.load(StorageProvider.class, StorageProvider.class.getClassLoader())
					.stream()
					.map(ServiceLoader.Provider::get)
					.toList());
	}

	static StorageProvider only(Path directory, List<StorageProvider> providers) {
		if (providers.isEmpty()) {
			throw new BrokerException("Data directory " + directory
					+ " needs a storage engine, and there is none on the "
					+ "class path: add io.weir:messaging-broker-rocksdb of the same version, or leave the directory "
					+ "out to keep data in memory", SETTING, null);
		}
		if (providers.size() > 1) {
			throw new BrokerException(providers.stream()
				.map((provider) -> provider.getClass().getName())
				.collect(Collectors.joining(", ", "There are several storage engines on the class path (",
						"): keep one of them, or choose one with BrokerBuilder.storage")),
					SETTING, null);
		}
		return providers.get(0);
	}

}
