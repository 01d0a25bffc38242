package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.Damage;
import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.read;
import static io.weir.broker.store.StoreFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Damaged entries can be taken out of a log, and nothing else goes with them. */
class RemoveDamagedTest {

	private static final int ALL = 1_000_000;

	private static final Topic TOPIC = new Topic("t");

	private final StoreFixture store = new StoreFixture();

	@TempDir
	Path directory;

	@AfterEach
	void checkThatEveryBufferIsReleased() {
		this.store.assertAllReleased();
	}

	@Test
	void damagedEntriesGoWithTheirMessagesCountedAndTheOthersStay() throws RocksDBException {
		append();
		damage().flipInBatch(2, 50);
		damage().breakHeader(4);
		damage().breakHeader(5);
		damage().lose(7);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, TOPIC.name());
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> read(log, at(2), ALL, ALL));
			assertThat(engine.damages()).hasSize(1);
			Map<Position, Integer> removed = await(log.removeDamaged(at(1), at(3)));
			assertThat(removed).containsExactly(Map.entry(at(2), 1));
			assertThat(engine.damages()).isEmpty();
			assertThat(await(log.removeDamaged(at(4), at(4)))).as("what two had together")
				.containsExactly(Map.entry(at(4), 2));
			assertThat(await(log.removeDamaged(Position.BEFORE_FIRST, new Position(1, 0))))
				.isEqualTo(Map.of(at(5), 0, at(7), 1));
			assertThat(await(log.removeDamaged(Position.BEFORE_FIRST, at(ALL)))).isEmpty();
			assertLeft(log);
			this.store.append(log, "p", 10, 1);
		}
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, TOPIC.name());
			assertThat(log.extent().messages()).isEqualTo(11);
			assertThat(readAll(log)).hasSize(7)
				.last()
				.satisfies((last) -> assertThat(last.position()).isEqualTo(at(10)));
			assertThat(engine.damages()).isEmpty();
		}
	}

	private static void assertLeft(TopicLog log) {
		assertThat(readAll(log)).extracting((entry) -> entry.position().entry())
			.containsExactly(0L, 1L, 3L, 6L, 8L, 9L);
	}

	@Test
	void lastEntryStaysUntilAnotherFollows() throws RocksDBException {
		append();
		damage().flipInBatch(9, 7);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, TOPIC.name());
			assertThat(await(log.removeDamaged(at(0), at(9)))).isEmpty();
			this.store.append(log, "p", 10, 1);
			assertThat(await(log.removeDamaged(at(0), at(9)))).containsExactly(Map.entry(at(9), 1));
			assertThat(readAll(log)).hasSize(10);
		}
	}

	@Test
	void damageThatIsTrimmedIsThereNoLonger() throws RocksDBException {
		append();
		damage().flipInBatch(2, 50);
		damage().flipInBatch(6, 50);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, TOPIC.name());
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> read(log, at(2), ALL, ALL));
			assertThatExceptionOfType(StorageException.class).isThrownBy(() -> read(log, at(6), ALL, ALL));
			await(log.trim(at(6)));
			assertThat(engine.damages()).extracting(Damage::position).containsExactly(at(6));
		}
	}

	@Test
	void whatIsNotDamagedCannotBeRemovedSo() {
		append();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, TOPIC.name());
			assertThat(await(log.removeDamaged(at(0), at(9)))).isEmpty();
			assertThat(readAll(log)).hasSize(10);
		}
	}

	private void append() {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			this.store.append(open(engine, TOPIC.name()), "p", 0, 10);
		}
	}

	private DamagedDirectory damage() {
		return new DamagedDirectory(this.directory, TOPIC);
	}

}
