package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.StoreFixture.Read;
import io.weir.broker.store.TopicLog;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

/** What the data directory takes after something was deleted. Nobody looks by himself. */
class FreedSpaceTest {

	private static final int MIB = 1 << 20;

	private static final int ENTRIES = 60;

	/** What a store takes that has nothing: logs of RocksDB, names, empty tables. */
	private static final long LITTLE = 2 * MIB;

	private final StoreFixture store = new StoreFixture();

	private final Random random = new Random(11);

	@TempDir
	Path directory;

	private StoreSupervisor supervisor;

	private RocksDbStorageEngine engine;

	@BeforeEach
	void start() {
		this.supervisor = new StoreSupervisor(this.directory, UnaryOperator.identity(), false,
				new Volume(this.directory, 0L), () -> 0, (error) -> {
				});
		this.engine = new RocksDbStorageEngine(Durability.OS, this.supervisor);
	}

	@AfterEach
	void closeAndCheckThatEveryBufferIsReleased() {
		this.engine.close();
		this.store.assertAllReleased();
	}

	@Test
	void directoryShrinksWhenALogWasTrimmedAndNothingElseIsWritten() {
		TopicLog other = open(this.engine, "other");
		this.store.append(other, "p", 0, 3);
		List<Read> others = readAll(other);
		TopicLog log = open(this.engine, "t");
		append(log);
		assertThat(bytes()).isGreaterThan(ENTRIES * MIB);
		await(log.trim(log.lastConfirmed()));
		assertThat(this.supervisor.freeSpace()).isGreaterThan(FreedSpace.WORTH);
		assertShrinksTo(LITTLE + MIB);
		assertThat(readAll(log)).hasSize(1);
		assertThat(readAll(other)).isEqualTo(others);
		assertThat(this.supervisor.freeSpace()).as("it was done").isZero();
	}

	@Test
	void directoryShrinksWhenATopicWasDeleted() {
		TopicLog log = open(this.engine, "t");
		append(log);
		await(log.delete());
		assertThat(this.supervisor.freeSpace()).isGreaterThan(FreedSpace.WORTH);
		assertShrinksTo(LITTLE);
	}

	@Test
	void directoryShrinksWhenEntriesInTheMiddleWereRemoved() {
		TopicLog log = open(this.engine, "t");
		List<Position> positions = append(log);
		await(log.remove(new LinkedHashSet<>(positions.subList(1, 30))));
		await(log.remove(new LinkedHashSet<>(positions.subList(31, ENTRIES - 1))));
		assertThat(this.supervisor.freeSpace()).isGreaterThan(FreedSpace.WORTH);
		assertShrinksTo(LITTLE + 3 * MIB);
		assertThat(readAll(log)).extracting(Read::position)
			.containsExactly(positions.get(0), positions.get(30), positions.get(ENTRIES - 1));
	}

	@Test
	void littleIsLeftToTheStoreAndCountsWithWhatFollows() {
		TopicLog log = open(this.engine, "t");
		List<Position> positions = append(log);
		await(log.trim(positions.get(10)));
		assertThat(this.supervisor.freeSpace()).isZero();
		await(log.trim(positions.get(20)));
		assertThat(this.supervisor.freeSpace()).isGreaterThan(FreedSpace.WORTH);
		assertShrinksTo(LITTLE + 41 * MIB);
		assertThat(readAll(log)).hasSize(40);
	}

	@Test
	void storeThatIsClosedFreesNothing() {
		TopicLog log = open(this.engine, "t");
		append(log);
		await(log.trim(log.lastConfirmed()));
		this.engine.close();
		assertThat(this.supervisor.freeSpace()).isZero();
	}

	/** RocksDB deletes files on a thread of its own. */
	private void assertShrinksTo(long bytes) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> bytes() < bytes);
	}

	/** Bytes that cannot be compressed. */
	private List<Position> append(TopicLog log) {
		byte[] batch = new byte[MIB];
		return Stream.iterate(0, (i) -> i < ENTRIES, (i) -> i + 1).map((i) -> {
			this.random.nextBytes(batch);
			return await(this.store.append(log, header("p", i, 1), batch.clone()));
		}).toList();
	}

	private long bytes() {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter(Files::isRegularFile).mapToLong(FreedSpaceTest::size).sum();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long size(Path file) {
		try {
			return Files.size(file);
		}
		catch (IOException ex) {
			// RocksDB has deleted it meanwhile.
			return 0;
		}
	}

}
