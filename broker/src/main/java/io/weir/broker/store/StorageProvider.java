package io.weir.broker.store;

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

}
