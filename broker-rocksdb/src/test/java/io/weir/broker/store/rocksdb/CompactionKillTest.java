package io.weir.broker.store.rocksdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.Durability;
import io.weir.broker.store.Entry;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process is killed ({@code kill -9}) while it compacts a topic in which more is
 * published, at each step of that, again and again with the same directory. The ledger of
 * what was confirmed is kept by this process, which lives.
 */
class CompactionKillTest {

	/** Each step twice; more with {@code -Pchaos}. */
	private static final int ROUNDS = Integer.getInteger("chaos.kills", 2 * CompactionStep.values().length);

	/** Says when to kill: {@code -Dchaos.seed=…} for other moments. */
	private static final long SEED = Long.getLong("chaos.seed", 1);

	private static final int MAX_TIMES = 3;

	/** The last message that was confirmed. */
	private long confirmed = -1;

	/** The last one that was stored. */
	private long stored = -1;

	/** What was there after the round before. */
	private Set<Long> kept = Set.of();

	/** The entries whose removal was confirmed. */
	private final Set<Long> removed = new HashSet<>();

	@TempDir
	Path directory;

	@Test
	@Timeout(3600)
	void latestMessageOfEachKeyIsThereAndNoRemovedOneComesBackWhereverTheProcessIsKilled() throws Exception {
		Random random = new Random(SEED);
		for (int round = 0; round < ROUNDS; round++) {
			CompactionStep step = CompactionStep.values()[round % CompactionStep.values().length];
			int times = 1 + random.nextInt(MAX_TIMES);
			try {
				runUntilKilled(step, times);
				check(round + 1);
			}
			catch (Throwable ex) {
				throw new AssertionError("Failed in round " + round + ", killed when " + step + " for the " + times
						+ ". time, with -Dchaos.seed=" + SEED + ": " + ex, ex);
			}
		}
		assertThat(this.kept).as("messages that are left").hasSizeLessThan((int) this.stored / 2);
		System.out.println("Killed " + ROUNDS + " times while it compacted: of " + (this.stored + 1) + " messages "
				+ this.kept.size() + " are left, with the latest of each key, and no removed one came back");
	}

	private void runUntilKilled(CompactionStep step, int times) throws IOException, InterruptedException {
		Process process = CompactUntilKilled.process(this.directory, step, times).start();
		try (BufferedReader ledger = process.inputReader()) {
			for (String line = ledger.readLine(); line != null; line = ledger.readLine()) {
				note(line.split(" "));
			}
			assertThat(process.waitFor()).as("killed, not ended by itself").isEqualTo(128 + 9);
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private void note(String[] words) {
		long number = Long.parseLong(words[1]);
		if (words[0].equals("removed")) {
			this.removed.add(number);
		}
		else {
			this.confirmed = Math.max(this.confirmed, number);
		}
	}

	private void check(long epoch) {
		List<Long> sequences = sequences(epoch);
		assertThat(sequences).as("in the order stored, and none twice").isSorted().doesNotHaveDuplicates();
		long before = this.stored;
		this.stored = sequences.get(sequences.size() - 1);
		assertThat(this.stored).isGreaterThanOrEqualTo(this.confirmed);
		Set<Long> present = new HashSet<>(sequences);
		assertThat(present).as("the latest messages of all keys").containsAll(latest().values());
		assertThat(sequences).as("those that were there, and new ones")
			.allMatch((sequence) -> sequence > before || this.kept.contains(sequence));
		this.kept = present;
	}

	private Map<Integer, Long> latest() {
		Map<Integer, Long> latest = new HashMap<>();
		for (long sequence = 0; sequence <= this.stored; sequence++) {
			latest.put(CompactUntilKilled.key(sequence), sequence);
		}
		return latest;
	}

	/**
	 * What is stored, by the sequence ids that the messages say.
	 * @param epoch that of the process before, the so manieth that owned the topic
	 */
	private List<Long> sequences(long epoch) {
		List<Long> sequences = new ArrayList<>();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = StoreFixture.await(engine.open(new Topic(CompactUntilKilled.TOPIC), epoch)).log();
			Position next = Position.BEFORE_FIRST.after();
			while (!next.isAfter(log.lastConfirmed())) {
				List<Entry> entries = StoreFixture.await(log.read(next, 1000, 1 << 20));
				assertThat(entries).as("the last entry stays").isNotEmpty();
				for (Entry entry : entries) {
					assertThat(this.removed).as("entries that are gone").doesNotContain(entry.position().entry());
					for (MessageRecord message : MessageBatch.read(entry.batch(), entry.header().count())) {
						sequences.add(Long.parseLong(message.payload().toString(StandardCharsets.UTF_8)));
					}
					next = entry.position().after();
					entry.release();
				}
			}
		}
		return sequences;
	}

}
