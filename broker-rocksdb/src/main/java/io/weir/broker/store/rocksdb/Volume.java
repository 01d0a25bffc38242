package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volume of a data directory: how much is free there, and whether the directory is
 * still the one that was opened. Used by one thread at a time.
 */
final class Volume {

	private static final Logger logger = LoggerFactory.getLogger(Volume.class);

	/** RocksDB holds it from the opening of a database to the closing. */
	private static final String LOCK = "LOCK";

	private static final long MOST_DEFAULT = 256 * 1024 * 1024;

	private static final int DEFAULT_SHARE = 20;

	private final Path directory;

	private final @Nullable Long configured;

	private final SpaceProbe probe;

	private long minFree;

	private @Nullable Object directoryKey;

	private @Nullable Object lockKey;

	/**
	 * Creates the volume; {@link #opened()} must follow.
	 * @param minFree how many bytes must stay free, or {@code null} for the default
	 */
	Volume(Path directory, @Nullable Long minFree) {
		this(directory, minFree, () -> Files.getFileStore(directory).getUsableSpace());
	}

	Volume(Path directory, @Nullable Long minFree, SpaceProbe probe) {
		this.directory = directory;
		this.configured = minFree;
		this.probe = probe;
	}

	/** Remembers the directory as it is, now that a database is open there. */
	void opened() throws IOException {
		this.directoryKey = key(this.directory);
		this.lockKey = key(this.directory.resolve(LOCK));
		this.minFree = (this.configured != null) ? this.configured
				: Math.min(MOST_DEFAULT, Files.getFileStore(this.directory).getTotalSpace() / DEFAULT_SHARE);
	}

	/** How many bytes must stay free for entries to be appended. */
	long minFree() {
		return this.minFree;
	}

	/** A quarter more than what must stay free, so that it does not come and go. */
	long enough() {
		return this.minFree + this.minFree / 4;
	}

	/** How many bytes are free for this process, or -1 if nobody knows. */
	long free() {
		try {
			return this.probe.free();
		}
		catch (IOException ex) {
			logger.debug("The free space of {} is not known", this.directory, ex);
			return -1;
		}
	}

	/** Whether the directory and its database are not those that were opened. */
	boolean isReplaced() {
		try {
			return !same(this.directoryKey, key(this.directory))
					|| !same(this.lockKey, key(this.directory.resolve(LOCK)));
		}
		catch (NoSuchFileException ex) {
			return true;
		}
		catch (IOException ex) {
			logger.debug("Whether {} is still there is not known", this.directory, ex);
			return false;
		}
	}

	/** A file system without keys cannot tell. */
	private static boolean same(@Nullable Object before, @Nullable Object now) {
		return before == null || before.equals(now);
	}

	/** Says how many bytes are free. */
	@FunctionalInterface
	interface SpaceProbe {

		long free() throws IOException;

	}

	private static @Nullable Object key(Path path) throws IOException {
		return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
	}

}
