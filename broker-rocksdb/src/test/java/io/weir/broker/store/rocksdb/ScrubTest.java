package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.Damage;
import io.weir.broker.store.Durability;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Everything is verified, in a directory that nobody uses and in a store that is open.
 */
@Timeout(60)
class ScrubTest {

	private static final Topic TOPIC = new Topic("t");

	private static final int ENTRIES = 200;

	private static final int CRASHED = 20;

	private final StoreFixture store = new StoreFixture();

	@TempDir
	Path directory;

	@TempDir
	Path crashed;

	@BeforeEach
	void fill() {
		try (RocksDbStorageEngine engine = engine()) {
			TopicLog log = open(engine, TOPIC.name());
			this.store.append(log, "p", 0, ENTRIES);
			this.store.append(open(engine, "u"), "p", 0, 1);
			await(log.cursors().create("s", SubscriptionType.SHARED, at(7)));
			await(log.schedule()
				.add(10, sealed(header("p", ENTRIES, 1), bytes(9, 100)), Unpooled.copiedBuffer(bytes(9, 100))));
		}
	}

	@AfterEach
	void checkThatEveryBufferIsReleased() {
		this.store.assertAllReleased();
	}

	private RocksDbStorageEngine engine() {
		return RocksDbStorageEngine.open(this.directory, Durability.OS);
	}

	private ScrubReport scrub() {
		return RocksDbStorageEngine.scrub(this.directory);
	}

	@Test
	void directoryThatIsIntactIsSaidToBeAndNotChanged() throws IOException {
		Map<String, String> before = files();
		assertThat(scrub())
			.isEqualTo(new ScrubReport(2, ENTRIES + 2, (ENTRIES + 1) * 100L + scheduledBytes(), List.of(), List.of()));
		assertThat(files()).isEqualTo(before);
	}

	/** With what stands before the messages. */
	private long scheduledBytes() {
		return DamagedDirectory.stored(9, bytes(9, 100)).length;
	}

	@Test
	void damageIsReportedWithTopicAndPosition() throws Exception {
		damage().flipInBatch(2, 50);
		damage().breakHeader(4);
		damage().lose(7);
		ScrubReport report = scrub();
		assertThat(report.damages()).extracting(Damage::topic).containsOnly(TOPIC);
		assertThat(report.damages()).extracting(Damage::position).containsExactly(at(2), at(4), at(7));
		assertThat(report.damages().get(0).reason()).contains("Entry 0:2 of topic t", "its messages have changed");
		assertThat(report.entries()).isEqualTo(ENTRIES + 2 - 3);
		assertThat(report.others()).isEmpty();
		assertThat(report.isIntact()).isFalse();
	}

	@Test
	void damageToWhatIsBesideTheLogIsReportedWithTheTopic() throws Exception {
		Position scheduled = scheduled();
		damage().overwrite(Column.SCHEDULE, new ScheduleRecords(damage().topicId()).key(scheduled),
				DamagedDirectory.stored(9, bytes(8, 100)));
		damage().overwrite(Column.CURSORS, Keys.kind(Keys.named(damage().topicId(), "s"), 0), new byte[1]);
		assertThat(scrub().damages()).hasSize(2).allSatisfy((damage) -> {
			assertThat(damage.topic()).isEqualTo(TOPIC);
			assertThat(damage.position()).isNull();
		});
	}

	private Position scheduled() {
		try (RocksDbStorageEngine engine = engine()) {
			var due = await(open(engine, TOPIC.name()).schedule().read(100, 10, 1_000_000));
			due.entries().forEach((entry) -> entry.release());
			return due.entries().get(0).position();
		}
	}

	@Test
	void byteThatIsFlippedInATableFileIsReportedWithTheFileAndTheEntries() throws IOException {
		engine().close(); // What is in the write-ahead log goes to table files.
		Path table = largest(".sst");
		flip(table, Files.size(table) / 3);
		ScrubReport report = scrub();
		assertThat(report.others())
			.anySatisfy((problem) -> assertThat(problem).contains(table.getFileName().toString()));
		assertThat(report.damages()).isNotEmpty()
			.doesNotHaveDuplicates()
			.allSatisfy((damage) -> assertThat(damage.position()).isNotNull())
			.extracting(Damage::topic)
			.contains(TOPIC);
	}

	@Test
	void byteThatIsFlippedInTheWriteAheadLogIsReported() throws IOException {
		crash();
		Path log = largest(".log");
		flip(log, 20);
		byte[] damaged = Files.readAllBytes(log);
		ScrubReport report = scrub();
		assertThat(report.others()).singleElement().asString().contains(log.getFileName() + " after byte 0");
		assertThat(log).hasBinaryContent(damaged);
	}

	@Test
	void whatACrashHasLeftHalfWrittenIsNoDamageAndIsLeftAlone() throws IOException {
		crash();
		// RocksDB itself would look for ever at this.
		Path log = largest(".log");
		Files.write(log, new byte[] { 1, 2, 3, 4, -1, -1, 7, 0, 0, 0, 0, 0 }, StandardOpenOption.APPEND);
		Map<String, String> before = files();
		ScrubReport report = scrub();
		assertThat(report.isIntact()).isTrue();
		assertThat(report.entries()).as("with those in the write-ahead log").isEqualTo(ENTRIES + 2 + CRASHED);
		assertThat(files()).isEqualTo(before);
	}

	/**
	 * Goes on with the files as they are while entries are only in the write-ahead log.
	 */
	private void crash() throws IOException {
		try (RocksDbStorageEngine engine = engine(); Stream<Path> files = Files.list(this.directory)) {
			TopicLog log = open(engine, TOPIC.name());
			for (int entry = ENTRIES; entry < ENTRIES + CRASHED; entry++) {
				this.store.append(log, "p", entry, 1);
			}
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				Files.copy(file, this.crashed.resolve(file.getFileName()));
			}
		}
		this.directory = this.crashed;
	}

	@Test
	void directoryThatIsInUseIsRefusedWithItsHolder() {
		try (RocksDbStorageEngine engine = engine()) {
			assertThat(engine.topics()).contains(TOPIC);
			assertThatExceptionOfType(StorageException.class).isThrownBy(this::scrub)
				.withMessageContaining("in use by another broker: process " + ProcessHandle.current().pid());
		}
	}

	@Test
	void openStoreIsVerifiedAndWhatIsFoundIsOneOfItsDamages() throws Exception {
		damage().flipInBatch(3, 50);
		try (RocksDbStorageEngine engine = engine()) {
			assertThat(await(engine.scrub(new Topic("u"))).isIntact()).isTrue();
			assertThat(engine.damages()).isEmpty();
			assertThat(await(engine.scrub(TOPIC)).damages()).extracting(Damage::position).containsExactly(at(3));
			assertThat(engine.damages()).extracting(Damage::position).containsExactly(at(3));
			assertThat(await(engine.scrub(new Topic("unknown"))).entries()).isZero();
		}
	}

	@Test
	void noMoreThan32MebibytesAreVerifiedInASecond() {
		assertThat(Scrubs.pauseNanos(32 << 20)).isEqualTo(1_000_000_000);
		assertThat(Scrubs.pauseNanos(1 << 20)).isEqualTo(1_000_000_000 / 32);
	}

	/** Begun before each of them, and going on after it. */
	@Test
	void whatIsTrimmedRemovedOrDeletedMeanwhileIsNoDamage() {
		try (RocksDbStorageEngine engine = engine()) {
			TopicLog log = open(engine, TOPIC.name());
			CompletionStage<ScrubReport> first = engine.scrub(TOPIC);
			await(log.remove(Set.of(at(10), at(11), at(100))));
			CompletionStage<ScrubReport> second = engine.scrub(TOPIC);
			await(log.trim(at(50)));
			CompletionStage<ScrubReport> third = engine.scrub(TOPIC);
			await(log.delete());
			assertThat(await(first).isIntact()).isTrue();
			assertThat(await(second).isIntact()).isTrue();
			assertThat(await(third).isIntact()).isTrue();
			assertThat(engine.damages()).isEmpty();
		}
	}

	/** As if it had been read up to there before that happened. */
	@Test
	void entryThatIsGoneIsNotDamagedThoughItWasThereWhenVerifyingBegan() {
		try (Database database = Database.open(this.directory)) {
			TopicScrub scrub = new TopicScrub(database, TOPIC, (damage) -> {
			});
			scrub.step();
			trimBehindItsBack(database, 50);
			while (!scrub.isDone()) {
				scrub.step();
			}
			assertThat(scrub.report().damages()).isEmpty();
			assertThat(scrub.report().entries()).isEqualTo(ENTRIES - 50 + 1);
		}
		catch (RocksDBException ex) {
			throw new AssertionError(ex);
		}
	}

	private static void trimBehindItsBack(Database database, long first) throws RocksDBException {
		long id = database.names().idOf(TOPIC);
		try (AtomicBatch batch = new AtomicBatch(database)) {
			batch.deleteRange(Column.LOG, Keys.entry(id, 0), Keys.entry(id, first));
			TopicRecords records = TopicRecords.load(database);
			records.put(id, new TopicRecords.Stored(records.of(id).ownerEpoch(), first), batch);
			database.write(batch.content(), false);
		}
	}

	@Test
	void storeThatIsClosedEndsWhatIsBeingVerified() {
		CompletionStage<ScrubReport> report;
		try (RocksDbStorageEngine engine = engine()) {
			report = engine.scrub(TOPIC);
			for (int i = 0; i < 100; i++) {
				report = engine.scrub(TOPIC);
			}
		}
		CompletionStage<ScrubReport> last = report;
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> await(last)).withMessageContaining("closed");
	}

	private DamagedDirectory damage() {
		return new DamagedDirectory(this.directory, TOPIC);
	}

	private static void flip(Path file, long offset) throws IOException {
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
			bytes.seek(offset);
			int old = bytes.read();
			bytes.seek(offset);
			bytes.write(old ^ 1);
		}
	}

	private Path largest(String ending) throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(ending))
				.max(Comparator.comparingLong((file) -> file.toFile().length()))
				.orElseThrow();
		}
	}

	/** All but the one that says who has the directory. */
	private Map<String, String> files() throws IOException {
		Map<String, String> all = new TreeMap<>();
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				all.put(file.toString(),
						Files.getLastModifiedTime(file) + " " + Arrays.hashCode(Files.readAllBytes(file)));
			}
		}
		all.remove(this.directory.resolve("weir.lock").toString());
		return all;
	}

}
