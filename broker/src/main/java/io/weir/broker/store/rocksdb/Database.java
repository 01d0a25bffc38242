package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;

/**
 * An open RocksDB with its columns. Safe to use from any thread, but nobody may be using
 * it when it is closed.
 */
final class Database implements BatchWriter, AutoCloseable {

	/** Raised when a broker can no longer read what an earlier one wrote. */
	static final int FORMAT = 2;

	private static final Logger logger = LoggerFactory.getLogger(Database.class);

	private final Path directory;

	private final DatabaseOptions options;

	private final RocksDB rocks;

	private final Map<Column, ColumnFamilyHandle> families = new EnumMap<>(Column.class);

	private final WriteOptions buffered = new WriteOptions();

	private final WriteOptions synced = new WriteOptions().setSync(true);

	private Database(Path directory, DatabaseOptions options, RocksDB rocks, List<ColumnFamilyHandle> families) {
		this.directory = directory;
		this.options = options;
		this.rocks = rocks;
		Iterator<ColumnFamilyHandle> handles = families.iterator();
		for (Column column : Column.values()) {
			this.families.put(column, handles.next());
		}
	}

	/**
	 * Opens the database in a directory, which is created if missing.
	 * @throws StorageException if it cannot be opened, with what to do about it
	 */
	static Database open(Path directory) {
		prepare(directory);
		return open(directory, true);
	}

	/**
	 * Opens the database that must be there.
	 * @throws StorageException if it cannot be opened, with what to do about it
	 */
	static Database reopen(Path directory) {
		return open(directory, false);
	}

	private static Database open(Path directory, boolean create) {
		loadLibrary();
		DatabaseOptions options = new DatabaseOptions(create);
		List<ColumnFamilyHandle> families = new ArrayList<>();
		try {
			RocksDB rocks = RocksDB.open(options.database(), directory.toString(), options.families(), families);
			return new Database(directory, options, rocks, families);
		}
		catch (RocksDBException ex) {
			options.close();
			throw openFailed(directory, ex);
		}
	}

	private static void prepare(Path directory) {
		try {
			Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new StorageException("Data directory " + directory + " cannot be created: " + ex, ex);
		}
		if (!Files.isWritable(directory)) {
			throw new StorageException("Data directory " + directory
					+ " cannot be written to: give the broker's user write access or configure another directory",
					null);
		}
	}

	private static void loadLibrary() {
		try {
			RocksDB.loadLibrary();
		}
		catch (RuntimeException | LinkageError ex) {
			throw new StorageException(
					"RocksDB's native library cannot be loaded, which is unpacked to java.io.tmpdir ("
							+ System.getProperty("java.io.tmpdir") + "): " + ex.getMessage(),
					ex);
		}
	}

	private static StorageException openFailed(Path directory, RocksDBException ex) {
		String reason = String.valueOf(ex.getMessage());
		Status status = ex.getStatus();
		if (reason.contains("/LOCK")) {
			return new StorageException("Data directory " + directory + " is in use by another broker: " + reason, ex);
		}
		if (status != null && status.getCode() == Status.Code.Corruption) {
			return new StorageException(Kind.DAMAGED, "Data in " + directory + " is damaged: " + reason, ex);
		}
		return new StorageException("Data directory " + directory + " cannot be opened: " + reason, ex);
	}

	/**
	 * Checks the format of what is stored, or notes it if nothing is.
	 * @throws StorageException if it is another format
	 */
	void checkFormat() throws RocksDBException {
		byte[] format = this.rocks.get(family(Column.METADATA), Keys.FORMAT);
		if (format == null) {
			this.rocks.put(family(Column.METADATA), this.synced, Keys.FORMAT, Keys.number(FORMAT));
		}
		else if (!Arrays.equals(format, Keys.number(FORMAT))) {
			throw new StorageException("Data in " + this.directory + " has format " + ByteBuffer.wrap(format).getInt()
					+ ", this broker reads format " + FORMAT + " only: run the version that wrote it", null);
		}
	}

	/**
	 * Checks, by writing something that is there already, that it can be written.
	 * @param writer the way to the disk
	 */
	void checkWriting(BatchWriter writer) throws RocksDBException {
		try (WriteBatch batch = new WriteBatch()) {
			batch.put(family(Column.METADATA), Keys.FORMAT, Keys.number(FORMAT));
			writer.write(batch, true);
		}
	}

	Path directory() {
		return this.directory;
	}

	ColumnFamilyHandle family(Column column) {
		return Objects.requireNonNull(this.families.get(column));
	}

	@Override
	public void write(WriteBatch batch, boolean sync) throws RocksDBException {
		this.rocks.write(sync ? this.synced : this.buffered, batch);
	}

	/** An iterator, which the caller must close. */
	RocksIterator iterator(Column column) {
		return this.rocks.newIterator(family(column));
	}

	/** Shows all keys with a prefix, and their values, in order. */
	void scan(Column column, byte[] prefix, BiConsumer<byte[], byte[]> consumer) throws RocksDBException {
		try (RocksIterator iterator = iterator(column)) {
			for (iterator.seek(prefix); iterator.isValid(); iterator.next()) {
				byte[] key = iterator.key();
				if (!startsWith(key, prefix)) {
					return;
				}
				consumer.accept(key, iterator.value());
			}
			iterator.status();
		}
	}

	static boolean startsWith(byte[] key, byte[] prefix) {
		return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
	}

	StorageException closedException() {
		return new StorageException("The store in " + this.directory + " is closed", null);
	}

	/**
	 * Brings everything written to table files, or warns. What is only in the write-ahead
	 * log is less safe: after damage to it, RocksDB cannot tell a torn tail from lost
	 * records.
	 */
	void flush() {
		try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
			this.rocks.flush(flush, List.copyOf(this.families.values()));
		}
		catch (RocksDBException ex) {
			logger.warn("What was written last to {} may not be on the disk: {}", this.directory, ex.getMessage());
		}
	}

	@Override
	public void close() {
		this.families.values().forEach(ColumnFamilyHandle::close);
		this.rocks.close();
		this.synced.close();
		this.buffered.close();
		this.options.close();
	}

}
