package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.Durability;
import io.weir.broker.store.Entry;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static org.assertj.core.api.Assertions.assertThat;

/** Who is far behind costs those that keep up nothing of their memory. */
class HotTailTest {

	private static final int SIZE = 1024 * 1024;

	/** More than is kept in memory, whatever the machine has. */
	private static final int ENTRIES = 50;

	/** That are kept in memory, however little the machine has. */
	private static final int HOT = 4;

	private final StoreFixture store = new StoreFixture();

	@TempDir
	Path directory;

	@AfterEach
	void checkThatEveryBufferIsReleased() {
		this.store.assertAllReleased();
	}

	@Test
	void whoReadsFromTheDiskEvictsNothingFromMemory() {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, "t");
			for (int entry = 0; entry < ENTRIES; entry++) {
				await(this.store.append(log, header("p", entry, 1), bytes(entry, SIZE)));
			}
			for (int entry = 0; entry < ENTRIES - HOT; entry++) {
				release(await(log.read(at(entry), 1, 1)), 1);
			}
			CompletionStage<List<Entry>> hot = log.read(at(ENTRIES - HOT), HOT, Integer.MAX_VALUE);
			assertThat(hot.toCompletableFuture()).as("what is in memory is there when the call returns").isDone();
			release(await(hot), HOT);
		}
	}

	private static void release(List<Entry> entries, int expected) {
		assertThat(entries).hasSize(expected);
		entries.forEach(Entry::release);
	}

}
