package io.weir.broker.store;

import java.nio.file.Path;

/**
 * Opens the storage engine for a data directory. Implementations are public, have a
 * constructor without arguments, and are named in
 * {@code META-INF/services/io.weir.broker.store.StorageProvider}, where a broker finds
 * them that is given a data directory.
 */
public interface StorageProvider {

	/**
	 * Opens the engine; blocks until it is open.
	 * @param settings where and how data are kept
	 * @return the engine, which the broker closes
	 * @throws StorageException if the directory is in use, cannot be written, or what is
	 * in it is damaged or of another version; the message says what to do
	 */
	StorageEngine open(StorageSettings settings);

	/**
	 * Reads everything in a data directory and compares it with its checksums, without
	 * changing anything; blocks until it is done.
	 * @param directory the data directory, which no broker may be using
	 * @return what was found
	 * @throws StorageException if the directory is in use, or is not that of a broker; by
	 * default, because this engine cannot
	 */
	default ScrubReport scrub(Path directory) {
		throw new StorageException("The storage engine of data directory " + directory + " cannot verify it", null);
	}

}
