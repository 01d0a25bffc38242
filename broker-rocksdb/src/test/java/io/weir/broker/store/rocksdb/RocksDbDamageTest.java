package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.Damage;
import io.weir.broker.store.Durability;
import io.weir.broker.store.Entry;
import io.weir.broker.store.Extent;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.read;
import static io.weir.broker.store.StoreFixture.readAll;
import static io.weir.broker.store.StoreFixture.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Files that are not as they were written. */
class RocksDbDamageTest {

	private static final int ALL = 1_000_000;

	private static final Duration ENOUGH = Duration.ofMinutes(1);

	private final StoreFixture store = new StoreFixture();

	@TempDir
	Path directory;

	@TempDir
	Path running;

	@AfterEach
	void checkThatEveryBufferIsReleased() {
		this.store.assertAllReleased();
	}

	@Test
	void entryThatDoesNotDecodeIsRefusedByName() throws Exception {
		appendAndClose(5);
		byte[][] damages = { {}, { 1, 2, 3 }, new byte[32], new byte[36], withNameLength(-1), withNameLength(ALL) };
		for (byte[] damage : damages) {
			overwrite(Column.LOG, Keys.entry(topicId(), 3), damage);
			try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
				TopicLog log = open(engine, "t");
				assertThat(read(log, Position.BEFORE_FIRST, ALL, ALL)).as("those before it").hasSize(3);
				assertThatExceptionOfType(StorageException.class).isThrownBy(() -> read(log, at(3), ALL, ALL))
					.withMessageContaining("Entry 0:3 of topic t in " + this.directory + " is damaged");
				assertThat(read(log, at(4), ALL, ALL)).as("that after it").hasSize(1);
			}
		}
	}

	private static byte[] withNameLength(int length) {
		byte[] entry = new byte[100];
		entry[19] = 1;
		ByteBuffer.wrap(entry).putInt(24, length);
		return entry;
	}

	/** What is wrong in the batch its consumers see. */
	@Test
	void entryWhoseHeaderOrIndexHasChangedIsRefusedAsDamaged() throws Exception {
		appendAndClose(5);
		EncodedEntry encoded = EncodedEntry.of(header("p", 3, 1), Unpooled.wrappedBuffer(bytes(3, 100)));
		ByteBuf stored = Unpooled.copiedBuffer(encoded.at(new Extent(3, 300)));
		encoded.release();
		int head = stored.readableBytes() - 100;
		for (int bit = 0; bit < head * Byte.SIZE; bit++) {
			ByteBuf changed = stored.copy();
			int index = bit / Byte.SIZE;
			changed.setByte(index, changed.getByte(index) ^ 1 << bit % Byte.SIZE);
			assertThatThrownBy(() -> EntryCodec.decode(at(3), changed)).as("bit %d", bit)
				.isInstanceOfAny(IllegalArgumentException.class, IndexOutOfBoundsException.class);
		}
		int lastOfIndex = head - 2 * Integer.BYTES - 1;
		stored.setByte(lastOfIndex, stored.getByte(lastOfIndex) ^ 1);
		overwrite(Column.LOG, Keys.entry(topicId(), 3), ByteBufUtil.getBytes(stored));
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, "t");
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> read(log, at(3), ALL, ALL))
				.withMessageContaining("Entry 0:3 of topic t in " + this.directory
						+ " is damaged: its header or message index has changed")
				.returns(Kind.DAMAGED, StorageException::kind);
			assertThat(read(log, at(4), ALL, ALL)).as("that after it").hasSize(1);
		}
	}

	@Test
	void delayedMessageThatIsDamagedIsToldAndHoldsUpNoOther() throws Exception {
		List<Position> scheduled = new ArrayList<>();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			ScheduleStore schedule = open(engine, "t").schedule();
			for (int i = 0; i < 3; i++) {
				scheduled.add(await(schedule.add(10 + i, sealed(header("p", i, 1), bytes(i, 100)),
						Unpooled.copiedBuffer(bytes(i, 100)))));
			}
		}
		overwrite(Column.SCHEDULE, new ScheduleRecords(topicId()).key(scheduled.get(1)), new byte[] { 1, 2, 3 });
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			ScheduleStore.Due due = await(open(engine, "t").schedule().read(100, ALL, ALL));
			assertThat(due.entries()).extracting(Entry::position).containsExactly(scheduled.get(0), scheduled.get(2));
			due.entries().forEach(Entry::release);
			assertThat(engine.damages()).extracting(Damage::reason)
				.singleElement(InstanceOfAssertFactories.STRING)
				.contains("was to be delivered at 11", "number 1");
		}
	}

	@Test
	void missingEntryIsRefusedByName() throws Exception {
		appendAndClose(5);
		try (Database database = Database.open(this.directory); AtomicBatch batch = new AtomicBatch(database)) {
			batch.delete(Column.LOG, Keys.entry(topicId(), 3));
			database.write(batch.content(), false);
		}
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, "t");
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> readAll(log))
				.withMessageContaining("Entry 0:3 of topic t")
				.withMessageContaining("missing");
		}
	}

	@Test
	void damagedRecordsOfATopicAreRefusedWhenItIsOpened() throws Exception {
		appendAndClose(5);
		overwrite(Column.PRODUCERS, Keys.append(Keys.named(topicId(), "p"), 4), new byte[3]);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> open(engine, "t"))
				.withMessageContaining("Topic t in " + this.directory + " cannot be opened");
			this.store.append(open(engine, "another"), "p", 0, 1);
		}
	}

	@Test
	void flippedByteInATableFileIsNoticed() throws Exception {
		appendAndClose(1000);
		flipByteInTheLargestTable();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, "t");
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> readAll(log))
				.withMessageMatching("(?s)Entry 0:[0-9]+ of topic t in .* is damaged: .*");
		}
	}

	@Test
	void whatIsDamagedIsPassedOverOnceItWasGivenUp() throws Exception {
		appendAndClose(1000);
		flipByteInTheLargestTable();
		RocksDbStorageEngine.salvage(this.directory);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, "t");
			List<StoreFixture.Read> left = readAll(log);
			assertThat(left).hasSizeBetween(300, 999)
				.isSortedAccordingTo(Comparator.comparing(StoreFixture.Read::position));
			assertThat(left)
				.allSatisfy((entry) -> assertThat(entry).isEqualTo(StoreFixture.Read.of(entry.position().entry(),
						header("p", entry.position().entry(), 1), bytes(entry.position().entry(), 100))));
			assertThat(log.extent().messages()).isEqualTo(1000);
			assertThat(await(log.findExtent(at(999))).messages()).isEqualTo(1000);
			for (StoreFixture.Read entry : left) {
				assertThat(await(log.find(entry.header().publishTime())).entry()).isBetween(0L,
						entry.position().entry());
			}
			assertThat(this.store.append(log, "p", 1000, 1)).containsExactly(at(1000));
			assertThat(readAll(log)).hasSize(left.size() + 1);
		}
	}

	@Test
	void damagedEndOfATopicIsPassedOverOnceItWasGivenUp() throws Exception {
		appendAndClose(5);
		overwrite(Column.LOG, Keys.entry(topicId(), 4), new byte[3]);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> open(engine, "t"))
				.withMessageContaining("Entry 0:4 of topic t");
		}
		RocksDbStorageEngine.salvage(this.directory);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, "t");
			assertThatExceptionOfType(StorageException.class).as("until one follows")
				.isThrownBy(() -> read(log, at(4), ALL, ALL))
				.withMessageContaining("Entry 0:4");
			assertThat(this.store.append(log, "p", 5, 1)).containsExactly(at(5));
			assertThat(readAll(log)).extracting((entry) -> entry.position().entry())
				.containsExactly(0L, 1L, 2L, 3L, 5L);
		}
	}

	@Test
	void damagedBlockThatCompactionMeetsDoesNotStopOtherTopics() throws Exception {
		appendAndClose(1000);
		flipByteInTheLargestTable();
		addTablesThatOverlapAllOthers(3);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			// Four tables are compacted.
			Awaitility.await()
				.atMost(ENOUGH)
				.until(() -> Files.exists(this.directory.resolve(LogFiles.ASIDE).resolve("compaction")));
			Awaitility.await()
				.atMost(ENOUGH)
				.ignoreExceptionsInstanceOf(StorageException.class)
				.until(() -> this.store.append(open(engine, "other"), "q", 3, 1).size() == 1);
			assertAllButTheDamagedTopicGoOn(engine);
		}
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			assertAllButTheDamagedTopicGoOn(engine);
		}
	}

	private void addTablesThatOverlapAllOthers(int tables) throws RocksDBException {
		byte[] highest = new byte[Keys.ENTRY_LENGTH];
		Arrays.fill(highest, (byte) -1);
		for (int table = 0; table < tables; table++) {
			try (Database database = Database.open(this.directory); AtomicBatch batch = new AtomicBatch(database)) {
				batch.put(Column.LOG, new byte[Keys.ENTRY_LENGTH], new byte[1]);
				batch.put(Column.LOG, highest, new byte[1]);
				database.write(batch.content(), false);
				database.flush(Column.LOG);
			}
		}
	}

	private void assertAllButTheDamagedTopicGoOn(RocksDbStorageEngine engine) {
		TopicLog other = open(engine, "other");
		int before = readAll(other).size();
		this.store.append(other, "q", 1000 + before, 100);
		assertThat(readAll(other)).hasSize(before + 100);
		assertThat(engine.damages()).isEmpty();
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> readAll(open(engine, "t")));
		assertThat(engine.damages()).singleElement()
			.satisfies((damage) -> assertThat(damage.topic()).isEqualTo(new Topic("t")))
			.satisfies((damage) -> assertThat(damage.position()).isNotNull());
	}

	private void flipByteInTheLargestTable() throws IOException {
		Path table = files(".sst").max(Comparator.comparingLong(RocksDbDamageTest::size)).orElseThrow();
		try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
			file.seek(file.length() / 2);
			int old = file.read();
			file.seek(file.length() / 2);
			file.write(old ^ 1);
		}
	}

	@Test
	void damageToTheWriteAheadLogDoesNoHarmAfterAnOrderlyClose() throws Exception {
		appendAndClose(100);
		for (Path log : files(".log").toList()) {
			Files.write(log, new byte[10]);
		}
		assertThat(entriesAfterRestart()).isEqualTo(100);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 130, 3000 })
	void tornTailOfTheWriteAheadLogIsCutOff(int lost) throws Exception {
		appendAndCrash(100);
		Path log = files(".log").max(Comparator.comparingLong(RocksDbDamageTest::size)).orElseThrow();
		try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
			file.setLength(file.length() - lost);
		}
		int kept = entriesAfterRestart();
		assertThat(kept).isBetween(50, 99);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			OpenedLog opened = StoreFixture.opened(engine, "t");
			TopicLog topic = opened.log();
			assertThat(StoreFixture.producers(opened).get("p")).as("records of the kept entries only").hasSize(kept);
			assertThat(this.store.append(topic, "p", kept, 1)).containsExactly(at(kept));
		}
	}

	/** Checks the entries, too. */
	private int entriesAfterRestart() {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			List<StoreFixture.Read> entries = readAll(open(engine, "t"));
			for (int index = 0; index < entries.size(); index++) {
				assertThat(entries.get(index))
					.isEqualTo(StoreFixture.Read.of(index, header("p", index, 1), bytes(index, 100)));
			}
			return entries.size();
		}
	}

	private void appendAndClose(int entries) {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			appendOneByOne(engine, entries);
		}
	}

	/** Takes the files as they are while the engine runs. */
	private void appendAndCrash(int entries) throws IOException {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.running, Durability.OS);
				Stream<Path> files = Files.list(this.running)) {
			appendOneByOne(engine, entries);
			for (Path file : files.toList()) {
				Files.copy(file, this.directory.resolve(file.getFileName()));
			}
		}
	}

	private void appendOneByOne(RocksDbStorageEngine engine, int entries) {
		TopicLog log = open(engine, "t");
		for (int entry = 0; entry < entries; entry++) {
			this.store.append(log, "p", entry, 1);
		}
	}

	private void overwrite(Column column, byte[] key, byte[] value) throws RocksDBException {
		try (Database database = Database.open(this.directory); AtomicBatch batch = new AtomicBatch(database)) {
			batch.put(column, key, value);
			database.write(batch.content(), false);
		}
	}

	private long topicId() {
		try (TopicNames names = TopicNames.open(this.directory)) {
			return names.idOf(new Topic("t"));
		}
	}

	private Stream<Path> files(String suffix) throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(suffix)).toList().stream();
		}
	}

	private static long size(Path file) {
		return file.toFile().length();
	}

}
