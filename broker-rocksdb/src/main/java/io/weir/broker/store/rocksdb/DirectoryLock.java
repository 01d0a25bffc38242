package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;

/**
 * Keeps other brokers out of a data directory, also before RocksDB does: what one of them
 * is writing must not look half written to another. The file says who has it.
 */
final class DirectoryLock implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DirectoryLock.class);

	/** Far behind what is in the file, which others may then read on any system. */
	private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

	private static final int LONGEST_HOLDER = 500;

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
			FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
					StandardOpenOption.WRITE);
			if (lock(channel) == null) {
				try (channel) {
					throw new StorageException("Data directory " + directory + " is in use by another broker: "
							+ holder(channel) + " has locked " + file, null);
				}
			}
			channel.truncate(0);
			channel.write(StandardCharsets.UTF_8.encode(self()), 0);
			return new DirectoryLock(channel);
		}
		catch (IOException ex) {
			throw new StorageException(Kind.UNAVAILABLE, "Data directory " + directory + " cannot be locked: " + ex,
					ex);
		}
	}

	private static String self() {
		return "process " + ProcessHandle.current().pid() + " on " + host() + ", since "
				+ Instant.now().truncatedTo(ChronoUnit.SECONDS) + ",";
	}

	private static String host() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "a host without a name";
		}
	}

	/** What the one that has the lock said of itself. */
	private static String holder(FileChannel channel) throws IOException {
		ByteBuffer content = ByteBuffer.allocate(LONGEST_HOLDER);
		channel.read(content, 0);
		String holder = StandardCharsets.UTF_8.decode(content.flip()).toString();
		return holder.isEmpty() ? "a process" : holder;
	}

	private static @Nullable FileLock lock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock(LOCKED_BYTE, 1, false);
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
