package io.weir.broker.store.rocksdb;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.Damage;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;

/**
 * An open RocksDB with its columns. Safe to use from any thread, but nobody may be using
 * it when it is closed.
 */
final class Database implements BatchWriter, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Database.class);

	/** Replaying the largest log takes seconds, on a slow machine. */
	private static final SlowStart OPENING = new SlowStart(Duration.ofSeconds(10), 18);

	/** Written to see whether that is possible. */
	private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

	private final Path directory;

	private final DirectoryLock lock;

	private final TopicNames names;

	private final DatabaseOptions options;

	private final RocksDB rocks;

	private final Map<Column, ColumnFamilyHandle> families = new EnumMap<>(Column.class);

	private final Damages damages = new Damages();

	private final WriteOptions buffered = new WriteOptions();

	private final WriteOptions synced = new WriteOptions().setSync(true);

	private final ReadOptions once = new ReadOptions().setFillCache(false);

	private Database(Path directory, DirectoryLock lock, TopicNames names, DatabaseOptions options, RocksDB rocks,
			List<ColumnFamilyHandle> families) {
		this.directory = directory;
		this.lock = lock;
		this.names = names;
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
		return open(directory, Opening.CREATE);
	}

	/**
	 * Opens the database that must be there.
	 * @throws StorageException if it cannot be opened, with what to do about it
	 */
	static Database reopen(Path directory) {
		return open(directory, Opening.REOPEN);
	}

	/**
	 * Opens a database with what is whole of its write-ahead log; gives up the rest.
	 * @throws StorageException if it cannot be opened, with what to do about it
	 */
	static Database salvage(Path directory) {
		prepare(directory);
		return open(directory, Opening.SALVAGE);
	}

	/**
	 * Opens the database that must be there to read it, and changes nothing.
	 * @throws StorageException if it cannot be opened, with what to do about it
	 */
	static Database read(Path directory) {
		if (!Files.exists(directory.resolve("CURRENT"))) {
			throw new StorageException("There are no data of a broker in " + directory, null);
		}
		return open(directory, Opening.READ);
	}

	private static Database open(Path directory, Opening opening) {
		loadLibrary();
		DirectoryLock lock = DirectoryLock.of(directory);
		try {
			TopicNames names = TopicNames.open(directory);
			if (opening == Opening.READ) {
				return ReadableLogs.with(directory,
						(logs) -> open(directory, lock, names, new DatabaseOptions(directory, opening), logs));
			}
			LogFiles.check(directory, opening == Opening.SALVAGE);
			Database database = open(directory, lock, names, new DatabaseOptions(directory, opening), null);
			database.options.newestLog().update();
			return database;
		}
		catch (StorageException ex) {
			lock.close();
			throw ex;
		}
	}

	/**
	 * Opens RocksDB.
	 * @param logs where its write-ahead log is read, and nothing is written; {@code null}
	 * if it is written
	 */
	private static Database open(Path directory, DirectoryLock lock, TopicNames names, DatabaseOptions options,
			@Nullable Path logs) {
		List<ColumnFamilyHandle> families = new ArrayList<>();
		try {
			RocksDB rocks = OPENING.run(
					"Opening the data in "
							+ directory + ", with " + LogFiles.bytes(directory) + " bytes of write-ahead log,",
					() -> files(directory),
					() -> (logs != null)
							? RocksDB.openReadOnly(options.database().setWalDir(logs.toString()), directory.toString(),
									options.families(), families)
							: RocksDB.open(options.database(), directory.toString(), options.families(), families));
			return new Database(directory, lock, names, options, rocks, families);
		}
		catch (CompletionException ex) {
			options.close();
			names.close();
			throw openFailed(directory, ex.getCause());
		}
	}

	/** Something that changes when RocksDB writes files. */
	private static String files(Path directory) {
		File[] files = directory.toFile().listFiles();
		return Arrays.stream((files != null) ? files : new File[0])
			.map((file) -> file.getName() + file.length())
			.sorted()
			.collect(Collectors.joining("/"));
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

	private static StorageException openFailed(Path directory, @Nullable Throwable ex) {
		String reason = (ex != null) ? String.valueOf(ex.getMessage()) : "";
		if (reason.contains("/LOCK")) {
			return new StorageException("Data directory " + directory + " is in use by another broker: " + reason, ex);
		}
		if (ex instanceof RocksDBException failure && isDamage(failure)) {
			return new StorageException(Kind.DAMAGED, "Data in " + directory + " is damaged: " + reason
					+ ". Restore it from a copy; or " + LogFiles.SALVAGE + ", which goes on with what can be read", ex);
		}
		return new StorageException("Data directory " + directory + " cannot be opened: " + reason, ex);
	}

	/**
	 * Checks that it can be written.
	 * @param writer the way to the disk
	 */
	void checkWriting(BatchWriter writer) throws RocksDBException {
		try (WriteBatch batch = new WriteBatch()) {
			batch.put(family(Column.GIVEN_UP), PROBE, PROBE);
			writer.write(batch, true);
		}
	}

	/** Whether something is not as it was written, rather than cannot be read now. */
	static boolean isDamage(RocksDBException ex) {
		Status status = ex.getStatus();
		return status != null && status.getCode() == Status.Code.Corruption;
	}

	Path directory() {
		return this.directory;
	}

	/** What was found to be damaged. */
	Damages damages() {
		return this.damages;
	}

	/** Notes that something of a topic that is no entry of its log cannot be read. */
	StorageException damaged(Topic topic, String message, @Nullable Exception cause) {
		this.damages.add(new Damage(topic, null, message));
		return new StorageException(Kind.DAMAGED, message, cause);
	}

	TopicNames names() {
		return this.names;
	}

	ColumnFamilyHandle family(Column column) {
		return Objects.requireNonNull(this.families.get(column));
	}

	@Override
	public void write(WriteBatch batch, boolean sync) throws RocksDBException {
		this.rocks.write(sync ? this.synced : this.buffered, batch);
		this.options.newestLog().update();
	}

	/** An iterator, which the caller must close. */
	RocksIterator iterator(Column column) {
		return this.rocks.newIterator(family(column));
	}

	/** One by which much is read once: what others read stays in memory. */
	RocksIterator scanner(Column column) {
		return this.rocks.newIterator(family(column), this.once);
	}

	/** Reads all table files, and compares each block with its checksum. */
	void verifyTables() throws RocksDBException {
		this.rocks.verifyChecksum();
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

	/** Whether there is a key with a prefix. */
	boolean hasAny(Column column, byte[] prefix) throws RocksDBException {
		try (RocksIterator iterator = iterator(column)) {
			iterator.seek(prefix);
			iterator.status();
			return iterator.isValid() && startsWith(iterator.key(), prefix);
		}
	}

	StorageException unreadable(RocksDBException ex) {
		return new StorageException(isDamage(ex) ? Kind.DAMAGED : Kind.UNAVAILABLE,
				"Data in " + this.directory + " cannot be read: " + ex.getMessage(), ex);
	}

	/** Whether there is something at a key. */
	boolean has(Column column, byte[] key) {
		return get(column, key) != null;
	}

	/** What is at a key, or {@code null}. */
	byte @Nullable [] get(Column column, byte[] key) {
		try {
			return this.rocks.get(family(column), key);
		}
		catch (RocksDBException ex) {
			throw unreadable(ex);
		}
	}

	static boolean startsWith(byte[] key, byte[] prefix) {
		return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
	}

	/**
	 * Frees at once the table files of which all entries are deleted, or warns; the rest
	 * is freed when RocksDB compacts its files.
	 * @param from the first key of the entries
	 * @param end the key after the last
	 */
	void freeFiles(byte[] from, byte[] end) {
		try {
			this.rocks.deleteFilesInRanges(family(Column.LOG), List.of(from, end), false);
		}
		catch (RocksDBException ex) {
			logger.warn("Files of deleted messages in {} are freed later: {}", this.directory, ex.getMessage());
		}
	}

	/** About how many bytes the entries between two keys take, deleted ones included. */
	long bytes(byte[] from, byte[] end) {
		try (Slice first = new Slice(from); Slice last = new Slice(end)) {
			return this.rocks.getApproximateSizes(family(Column.LOG), List.of(new Range(first, last)),
					SizeApproximationFlag.INCLUDE_FILES, SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
		}
	}

	/** Writes tables anew, without what was deleted between two keys; blocks. */
	void compact(byte[] from, byte[] end, CompactRangeOptions how) throws RocksDBException {
		freeFiles(from, end);
		if (this.options.isCompacting()) {
			this.rocks.compactRange(family(Column.LOG), from, end, how);
		}
	}

	/** Brings what was written to columns to table files, or warns. */
	void flush(Column... columns) {
		try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
			this.rocks.flush(flush, Arrays.stream(columns).map(this::family).toList());
		}
		catch (RocksDBException ex) {
			logger.warn("What was written last to {} may not be on the disk: {}", this.directory, ex.getMessage());
		}
	}

	@Override
	public void close() {
		this.families.values().forEach(ColumnFamilyHandle::close);
		this.rocks.close();
		this.once.close();
		this.synced.close();
		this.buffered.close();
		this.options.close();
		this.names.close();
		this.lock.close();
	}

}
