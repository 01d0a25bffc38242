package io.weir.broker.store.rocksdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.store.Durability;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.ProducerWindow;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StoreFixture.Read;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.broker.store.TopicLog;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What was confirmed is there when the process was killed ({@code kill -9}), again and
 * again with the same directory: while it appends, or while it recovers from the kill
 * before. The ledger of what was confirmed is kept by this process, which lives.
 */
class RocksDbKillTest {

	/** For each durability; more with {@code -Pchaos}. */
	private static final int ROUNDS = Integer.getInteger("chaos.kills", 10);

	/** Says when to kill: {@code -Dchaos.seed=…} for other moments. */
	private static final long SEED = Long.getLong("chaos.seed", 1);

	private static final int MAX_LINES = 600;

	/** Recovery takes about as long. */
	private static final long OPENING_NANOS = 60_000_000;

	/** By topic: the sequence ids that were confirmed, by position. */
	private final Map<String, Map<Long, Long>> confirmed = new HashMap<>();

	/** By topic: the highest position of the cursor that was confirmed. */
	private final Map<String, Long> cursors = new HashMap<>();

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource(names = { "OS", "FSYNC" })
	@Timeout(3600)
	void everythingConfirmedSurvivesTheKill(Durability durability) throws Exception {
		Random random = new Random(SEED);
		for (int round = 1; round <= ROUNDS; round++) {
			boolean recovering = round > 1 && random.nextInt(4) == 0;
			int lines = recovering ? 0 : 1 + random.nextInt(MAX_LINES);
			try {
				runUntilKilled(durability, lines, recovering ? random.nextLong(OPENING_NANOS) : 0);
				try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, durability)) {
					AppendUntilKilled.TOPICS.forEach((topic) -> check(StoreFixture.opened(engine, topic)));
				}
			}
			catch (Throwable ex) {
				throw new AssertionError("Failed in round " + round + " with -Dchaos.seed=" + SEED + ": " + ex, ex);
			}
		}
	}

	@Test
	@Timeout(120)
	void secondProcessOnADirectoryIsToldWhoHasIt() throws Exception {
		Process process = start(Durability.OS);
		try (BufferedReader ledger = process.inputReader()) {
			assertThat(ledger.readLine()).isEqualTo(AppendUntilKilled.OPENING);
			assertThat(ledger.readLine()).isNotNull();
			assertThatExceptionOfType(StorageException.class)
				.isThrownBy(() -> RocksDbStorageEngine.open(this.directory, Durability.OS))
				.withMessageContaining(
						"Data directory " + this.directory + " is in use by another broker: process " + process.pid())
				.withMessageContaining("weir.lock");
		}
		finally {
			process.destroyForcibly().waitFor();
		}
		RocksDbStorageEngine.open(this.directory, Durability.OS).close();
	}

	private Process start(Durability durability) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
				// It has nothing to say, and starts sooner.
				"-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider", "-cp",
				System.getProperty("java.class.path"), AppendUntilKilled.class.getName(), this.directory.toString(),
				durability.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	/**
	 * Starts a process and kills it.
	 * @param lines after so many lines of its ledger
	 * @param nanos so long after it has begun to open the store, if there are none
	 */
	private void runUntilKilled(Durability durability, int lines, long nanos) throws IOException, InterruptedException {
		Process process = start(durability);
		try (BufferedReader ledger = process.inputReader()) {
			assertThat(ledger.readLine()).isEqualTo(AppendUntilKilled.OPENING);
			for (int line = 0; line < lines; line++) {
				note(ledger.readLine());
			}
			LockSupport.parkNanos(nanos);
			// Leaves the pipe open, with what is in it.
			process.toHandle().destroyForcibly();
			for (String line = ledger.readLine(); line != null; line = ledger.readLine()) {
				note(line);
			}
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private void note(@Nullable String line) {
		assertThat(line).as("the process has ended by itself").isNotNull();
		String[] words = line.split(" ");
		if (words.length == 4) {
			this.confirmed.computeIfAbsent(words[1], (topic) -> new HashMap<>())
				.put(Long.parseLong(words[2]), Long.parseLong(words[3]));
		}
		else {
			this.cursors.merge(words[1], Long.parseLong(words[2]), Math::max);
		}
	}

	private void check(OpenedLog opened) {
		TopicLog log = opened.log();
		String topic = log.topic().name();
		List<Read> entries = StoreFixture.readAll(log);
		ProducerWindow expected = new ProducerWindow();
		List<Long> wrong = new ArrayList<>();
		for (int index = 0; index < entries.size(); index++) {
			long sequence = entries.get(index).header().firstSequence();
			expected.add(new StoredBatch(sequence, 1, StoreFixture.at(index)));
			Read right = Read.of(index, AppendUntilKilled.header(sequence), AppendUntilKilled.content(topic, sequence));
			if (!entries.get(index).equals(right)) {
				wrong.add((long) index);
			}
		}
		assertThat(wrong).as("entries out of place or with other bytes").isEmpty();
		this.confirmed.getOrDefault(topic, Map.of()).forEach((entry, sequence) -> {
			if (entry >= entries.size() || entries.get(entry.intValue()).header().firstSequence() != sequence) {
				wrong.add(entry);
			}
		});
		assertThat(wrong).as("entries that were confirmed and are not there").isEmpty();
		assertThat(StoreFixture.producers(opened))
			.isEqualTo(entries.isEmpty() ? Map.of() : Map.of("p", expected.batches()));
		Long acknowledged = this.cursors.get(topic);
		if (acknowledged != null) {
			Position cursor = opened.cursors().get("s").acknowledgedUpTo();
			assertThat(cursor.entry()).isBetween(acknowledged, log.lastConfirmed().entry());
		}
	}

}
