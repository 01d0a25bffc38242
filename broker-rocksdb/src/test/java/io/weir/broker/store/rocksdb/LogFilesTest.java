package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Write-ahead logs that are not as they were written when the store was killed. */
@Timeout(60)
class LogFilesTest {

	private static final int ENTRIES = 300;

	private static final int HEADER = 7;

	private final StoreFixture store = new StoreFixture();

	@TempDir
	Path directory;

	@TempDir
	Path running;

	/** Takes the files as they are while the engine runs. */
	@BeforeEach
	void appendAndCrash() throws IOException {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.running, Durability.OS);
				Stream<Path> files = Files.list(this.running)) {
			this.store.append(open(engine, "u"), "p", 0, 1);
			TopicLog log = open(engine, "t");
			for (int entry = 0; entry < ENTRIES; entry++) {
				this.store.append(log, "p", entry, 1);
			}
			for (Path file : files.toList()) {
				Files.copy(file, this.directory.resolve(file.getFileName()));
			}
		}
	}

	@AfterEach
	void checkThatEveryBufferIsReleased() {
		this.store.assertAllReleased();
	}

	static Stream<byte[]> garbage() {
		// RocksDB looks for ever at a long record of a type for logs that are recycled.
		byte[] endless = { 1, 2, 3, 4, -1, -1, 7, 0, 0, 0, 0, 0 };
		return Stream.concat(Stream.of(endless, new byte[3], new byte[100_000]),
				LongStream.range(0, 8).mapToObj((seed) -> bytes(seed, 1 + new Random(seed).nextInt(70_000))));
	}

	@ParameterizedTest
	@MethodSource("garbage")
	void whatIsNoRecordAtTheEndIsCutOffAndKept(byte[] garbage) throws IOException {
		Path log = log();
		Files.write(log, garbage, StandardOpenOption.APPEND);
		assertThat(entries()).isEqualTo(ENTRIES);
		assertThat(aside()).singleElement()
			.satisfies((file) -> assertThat(Files.readAllBytes(file)).isEqualTo(garbage))
			.asString()
			.contains(log.getFileName().toString());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 5, 7, 100, 20_000, 40_000 })
	void recordThatIsHalfWrittenIsCutOff(int lost) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "rw")) {
			file.setLength(file.length() - lost);
		}
		int kept = entries();
		assertThat(kept).isBetween(100, ENTRIES - 1);
		assertThat(entries()).as("it stays so").isEqualTo(kept);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 4, 6, HEADER + 50 })
	void damageThatRecordsFollowIsRefusedUnlessItIsToBeSalvaged(int where) throws IOException {
		Path log = log();
		long start = startOfARecord(log);
		flip(log, start + where);
		byte[] damaged = Files.readAllBytes(log);
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> entries())
			.withMessageContaining(log.getFileName() + " after byte " + start)
			.withMessageContaining("'salvage'")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.DAMAGED));
		assertThat(log).as("left alone").hasBinaryContent(damaged);
		RocksDbStorageEngine.salvage(this.directory);
		int kept = entries();
		assertThat(kept).isBetween(1, ENTRIES - 1);
		assertThat(aside()).as("what was given up").isNotEmpty();
		assertThat(entries()).as("it stays so").isEqualTo(kept);
	}

	@Test
	void damageToTheEndOfALogThatALaterOneFollowsIsRefused() throws IOException {
		Path log = log();
		Path later = log.resolveSibling("999999.log");
		Files.copy(log, later);
		flip(log, Files.size(log) - 1);
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> LogFiles.check(this.directory, false))
			.withMessageContaining("in 2 file(s)");
		LogFiles.check(this.directory, true);
		assertThat(later).doesNotExist();
		assertThat(aside()).hasSize(2);
	}

	@Test
	void topicsKeepTheirMessagesApartWhenTheLogsAreLost() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			for (Path file : files.filter((each) -> each.toString().endsWith(".log")).toList()) {
				Files.delete(file);
			}
		}
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> entries())
			.withMessageContaining("write-ahead log in " + this.directory + " is missing");
		RocksDbStorageEngine.salvage(this.directory);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			assertThat(engine.topics()).containsExactlyInAnyOrder(new Topic("t"), new Topic("u"));
			for (String topic : List.of("new", "t", "u")) {
				TopicLog log = open(engine, topic);
				StoreFixture.await(this.store.append(log, header("of " + topic, 7, 1), bytes(7, 10)));
				assertThat(readAll(log)).singleElement()
					.satisfies((entry) -> assertThat(entry.header().producerName()).isEqualTo("of " + topic));
			}
		}
	}

	/** Of topic t; checks them, too. */
	private int entries() {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			List<StoreFixture.Read> entries = readAll(open(engine, "t"));
			for (int index = 0; index < entries.size(); index++) {
				assertThat(entries.get(index))
					.isEqualTo(StoreFixture.Read.of(index, header("p", index, 1), bytes(index, 100)));
			}
			assertThat(at(entries.size() - 1)).isEqualTo(open(engine, "t").lastConfirmed());
			return entries.size();
		}
	}

	/** In the middle of the second block. */
	private static long startOfARecord(Path log) throws IOException {
		byte[] all = Files.readAllBytes(log);
		int offset = 32 * 1024;
		while (offset < 40_000) {
			offset += HEADER + (all[offset + 4] & 0xff) + 256 * (all[offset + 5] & 0xff);
		}
		return offset;
	}

	private static void flip(Path file, long offset) throws IOException {
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
			bytes.seek(offset);
			int old = bytes.read();
			bytes.seek(offset);
			bytes.write(old ^ 1);
		}
	}

	private Path log() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(".log"))
				.max(Comparator.comparingLong((file) -> file.toFile().length()))
				.orElseThrow();
		}
	}

	private List<Path> aside() throws IOException {
		try (Stream<Path> files = Files.list(this.directory.resolve(LogFiles.ASIDE))) {
			return files.toList();
		}
	}

}
