package io.weir.broker.store.rocksdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.ProducerWindow;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.StoreFixture.Read;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@link AppendUntilKilled} has said to be confirmed. */
final class Ledger {

	/** By topic: the sequence ids that were confirmed, by position. */
	private final Map<String, Map<Long, Long>> confirmed = new HashMap<>();

	/** By topic: the highest position of the cursor that was confirmed. */
	private final Map<String, Long> cursors = new HashMap<>();

	/** Takes a line of the process; none means that it has ended by itself. */
	void note(@Nullable String line) {
		assertThat(line).as("the process has ended by itself").isNotNull();
		String[] words = line.split(" ");
		if (words.length == 4) {
			this.confirmed.computeIfAbsent(words[1], (topic) -> new HashMap<>())
				.put(Long.parseLong(words[2]), Long.parseLong(words[3]));
		}
		else if (words.length == 3) {
			this.cursors.merge(words[1], Long.parseLong(words[2]), Math::max);
		}
	}

	/** How many entries were confirmed. */
	int entries() {
		return this.confirmed.values().stream().mapToInt(Map::size).sum();
	}

	boolean isConfirmed(String topic, Position position) {
		return this.confirmed.getOrDefault(topic, Map.of()).containsKey(position.entry());
	}

	/**
	 * Everything that is stored is right, and every entry that was confirmed is there.
	 */
	void checkEntries(RocksDbStorageEngine engine) {
		AppendUntilKilled.TOPICS.forEach((topic) -> checkEntries(StoreFixture.opened(engine, topic)));
	}

	private void checkEntries(OpenedLog opened) {
		String topic = opened.log().topic().name();
		List<Read> entries = StoreFixture.readAll(opened.log());
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
	}

	/** Every acknowledgement that was confirmed is there. */
	void checkCursors(RocksDbStorageEngine engine) {
		this.cursors.forEach((topic, acknowledged) -> {
			OpenedLog opened = StoreFixture.opened(engine, topic);
			TopicLog log = opened.log();
			Position cursor = opened.cursors().get("s").acknowledgedUpTo();
			assertThat(cursor.entry()).isBetween(acknowledged, log.lastConfirmed().entry());
		});
	}

}
