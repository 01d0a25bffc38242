package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;

/**
 * Keeps other brokers out of a data directory, also before RocksDB does: what one of them
 * is writing must not look half written to another.
 */
final class DirectoryLock implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DirectoryLock.class);

	/** Closing it ends the lock; so does the end of the process. */
	private final FileChannel channel;

	private DirectoryLock(FileChannel channel) {
		this.channel = channel;
	}

	/**
	 * Locks a directory.
	 * @throws StorageException if somebody else has it
	 */
	static DirectoryLock of(Path directory) {
		Path file = directory.resolve("weir.lock");
		try {
			FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			if (lock(channel) == null) {
				channel.close();
				throw new StorageException(
						"Data directory " + directory + " is in use by another broker, which has locked " + file, null);
			}
			return new DirectoryLock(channel);
		}
		catch (IOException ex) {
			throw new StorageException(Kind.UNAVAILABLE, "Data directory " + directory + " cannot be locked: " + ex,
					ex);
		}
	}

	private static @Nullable FileLock lock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			return null; // It is a broker of this process.
		}
	}

	@Override
	public void close() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			logger.warn("The lock of the data directory could not be released", ex);
		}
	}

}
