package io.weir.broker.store.rocksdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

/** What was confirmed is there when the process was killed ({@code kill -9}). */
class RocksDbKillTest {

	private static final int ROUNDS = 3;

	/** By topic: the sequence ids that were confirmed, by position. */
	private final Map<String, Map<Long, Long>> confirmed = new HashMap<>();

	/** By topic: the highest position of the cursor that was confirmed. */
	private final Map<String, Long> cursors = new HashMap<>();

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource(names = { "OS", "FSYNC" })
	@Timeout(120)
	void everythingConfirmedSurvivesTheKill(Durability durability) throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			appendUntilKilled(durability, 1000 + 700 * round);
			try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, durability)) {
				AppendUntilKilled.TOPICS.forEach((topic) -> check(StoreFixture.opened(engine, topic)));
			}
		}
	}

	@Test
	@Timeout(120)
	void secondProcessOnADirectoryIsToldWhoHasIt() throws Exception {
		Process process = start(Durability.OS);
		try (BufferedReader ledger = process.inputReader()) {
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
				"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				AppendUntilKilled.class.getName(), this.directory.toString(), durability.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	private void appendUntilKilled(Durability durability, int lines) throws IOException, InterruptedException {
		Process process = start(durability);
		try (BufferedReader ledger = process.inputReader()) {
			for (int line = 0; line < lines; line++) {
				note(ledger.readLine());
			}
			process.toHandle().destroyForcibly(); // leaves the pipe open, with what is in
													// it
			for (String line = ledger.readLine(); line != null; line = ledger.readLine()) {
				note(line);
			}
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private void note(String line) {
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
		assertThat(this.confirmed.get(topic)).isNotEmpty();
		this.confirmed.get(topic).forEach((entry, sequence) -> {
			if (entry >= entries.size() || entries.get(entry.intValue()).header().firstSequence() != sequence) {
				wrong.add(entry);
			}
		});
		assertThat(wrong).as("entries that were confirmed and are not there").isEmpty();
		assertThat(StoreFixture.producers(opened)).containsExactly(Map.entry("p", expected.batches()));
		Position cursor = opened.cursors().get("s").acknowledgedUpTo();
		assertThat(cursor.entry()).isBetween(this.cursors.get(topic), log.lastConfirmed().entry());
	}

}
