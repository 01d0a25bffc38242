package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.message.SubscriptionType;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What concerns the data directory and the way to the disk. */
class RocksDbStorageEngineTest {

	private final StoreFixture store = new StoreFixture();

	private final List<Boolean> writes = new ArrayList<>();

	@TempDir
	Path directory;

	@AfterEach
	void checkThatEveryBufferIsReleased() {
		this.store.assertAllReleased();
	}

	@Test
	void directoryIsUsedByOneBrokerAtATime() {
		RocksDbStorageEngine first = RocksDbStorageEngine.open(this.directory, Durability.OS);
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> RocksDbStorageEngine.open(this.directory, Durability.OS))
			.withMessageContaining(this.directory.toString())
			.withMessageContaining("in use by another broker");
		this.store.append(open(first, "t"), "p", 0, 1);
		first.close();
		RocksDbStorageEngine.open(this.directory, Durability.OS).close();
	}

	@Test
	void missingDirectoryIsCreated() {
		Path missing = this.directory.resolve("a/b");
		RocksDbStorageEngine.open(missing, Durability.OS).close();
		assertThat(missing).isNotEmptyDirectory();
	}

	@Test
	void directoryThatCannotBeCreatedIsNamed() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		for (Path impossible : List.of(file, file.resolve("below"))) {
			assertThatExceptionOfType(StorageException.class)
				.isThrownBy(() -> RocksDbStorageEngine.open(impossible, Durability.OS))
				.withMessageContaining("Data directory " + impossible + " cannot be created");
		}
	}

	@Test
	void directoryThatCannotBeWrittenIsNamed() throws IOException {
		Path locked = Files.createDirectory(this.directory.resolve("locked"));
		Assumptions.assumeTrue(locked.getFileSystem().supportedFileAttributeViews().contains("posix"));
		Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
		Assumptions.assumeFalse(Files.isWritable(locked), "root may write everywhere");
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> RocksDbStorageEngine.open(locked, Durability.OS))
			.withMessageContaining("Data directory " + locked + " cannot be written to");
	}

	@Test
	void otherFormatIsRefusedAndTheDirectoryLeftAlone() throws Exception {
		RocksDbStorageEngine.open(this.directory, Durability.OS).close();
		writeFormat(TopicNames.FORMAT + 1);
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> RocksDbStorageEngine.open(this.directory, Durability.OS))
			.withMessageContaining("has format 8, this broker reads format 7 only");
		writeFormat(TopicNames.FORMAT);
		RocksDbStorageEngine.open(this.directory, Durability.OS).close();
	}

	private void writeFormat(int format) throws Exception {
		try (RandomAccessFile names = new RandomAccessFile(this.directory.resolve(TopicNames.FILE).toFile(), "rw")) {
			names.seek(8);
			names.writeInt(format);
		}
	}

	@Test
	void memoryIsNoDurabilityForADirectory() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RocksDbStorageEngine.open(this.directory, Durability.MEMORY))
			.withMessageContaining("OS or FSYNC");
	}

	@Test
	void fsyncWaitsForTheDiskExceptForAcknowledgements() {
		try (RocksDbStorageEngine engine = recording(Durability.FSYNC)) {
			assertThat(engine.durability()).isEqualTo(Durability.FSYNC);
			TopicLog log = open(engine, "t");
			this.store.append(log, "p", 0, 1);
			await(log.cursors().create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
			await(log.cursors().acknowledge("s", StoreFixture.acknowledged(new Position(0, 0))));
			await(log.cursors().acknowledge("s", StoreFixture.acknowledged(new Position(0, 0))));
		}
		assertThat(this.writes).as("opening, entry, subscription, acknowledgement, nothing new")
			.containsExactly(true, true, true, false);
	}

	@Test
	void osNeverWaitsForTheDisk() {
		try (RocksDbStorageEngine engine = recording(Durability.OS)) {
			assertThat(engine.durability()).isEqualTo(Durability.OS);
			this.store.append(open(engine, "t"), "p", 0, 5);
		}
		assertThat(this.writes).isNotEmpty().doesNotContain(true);
	}

	private RocksDbStorageEngine recording(Durability durability) {
		return RocksDbStorageEngine.open(this.directory, durability, (disk) -> (batch, sync) -> {
			this.writes.add(sync);
			disk.write(batch, sync);
		});
	}

	@Test
	void whatIsQueuedForAllTopicsIsCommittedTogether() throws Exception {
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch free = new CountDownLatch(1);
		AtomicBoolean opened = new AtomicBoolean();
		List<Integer> batches = new ArrayList<>();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.FSYNC,
				(disk) -> (batch, sync) -> {
					if (opened.get()) {
						batches.add(batch.count());
					}
					if (batches.size() == 1) {
						busy.countDown();
						awaitLatch(free);
					}
					disk.write(batch, sync);
				})) {
			List<TopicLog> logs = List.of(open(engine, "a"), open(engine, "b"));
			opened.set(true);
			List<CompletionStage<Position>> appended = new ArrayList<>();
			appended.add(this.store.append(logs.get(0), header("p", 0, 1), bytes(0, 10)));
			busy.await();
			for (int sequence = 1; sequence <= 500; sequence++) {
				appended.add(this.store.append(logs.get(sequence % 2), header("p", sequence, 1), bytes(sequence, 10)));
			}
			this.store.assertAllReleased(); // Encoded by whoever appends.
			free.countDown();
			appended.forEach(StoreFixture::await);
		}
		assertThat(batches).as("one entry, then all that waited: an entry and its producer's record each")
			.containsExactly(2, 1000);
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void recordsOfAProducerStayBounded() throws Exception {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, "t");
			LongStream.range(0, 50)
				.mapToObj((entry) -> this.store.append(log, header("p", entry * 1000, 1000), bytes(entry, 1)))
				.toList()
				.forEach(StoreFixture::await);
		}
		List<Long> stored = new ArrayList<>();
		try (Database database = Database.open(this.directory)) {
			database.scan(Column.PRODUCERS, new byte[0], (key, value) -> stored.add(Keys.lastNumber(key)));
		}
		assertThat(stored).hasSizeBetween(Limits.MAX_IN_FLIGHT / 1000, 2 * Limits.MAX_IN_FLIGHT / 1000 + 1)
			.endsWith(49_999L);
	}

	@Test
	void entriesAreReadFromDiskAndMemoryAlike() {
		RocksDbStorageEngine first = RocksDbStorageEngine.open(this.directory, Durability.OS);
		this.store.append(open(first, "t"), "p", 0, 20);
		first.close();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, "t");
			this.store.append(log, "p", 20, 20);
			assertThat(readAll(log)).hasSize(40)
				.allSatisfy((entry) -> assertThat(entry).isEqualTo(StoreFixture.Read.of(entry.position().entry(),
						header("p", entry.position().entry(), 1), bytes(entry.position().entry(), 100))));
		}
	}

	@Test
	void threadsEndWithTheEngine() {
		RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS);
		open(engine, "t");
		assertThat(threads()).contains("weir-store-committer").anyMatch((name) -> name.startsWith("weir-store-reader"));
		engine.close();
		Awaitility.await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("weir-store"))
			.toList();
	}

}
