package io.weir.broker.store.rocksdb;

import java.nio.file.Path;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.Damage;
import io.weir.broker.store.Durability;
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
import static io.weir.broker.store.StoreFixture.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Messages whose bytes have changed below RocksDB's own checksums. */
class DamagedBatchTest {

	private static final int ALL = 1_000_000;

	private static final int SIZE = 100;

	private static final Topic TOPIC = new Topic("t");

	private final StoreFixture store = new StoreFixture();

	@TempDir
	Path directory;

	@BeforeEach
	void append() {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			this.store.append(open(engine, TOPIC.name()), "p", 0, 5);
		}
	}

	private DamagedDirectory damage() {
		return new DamagedDirectory(this.directory, TOPIC);
	}

	@AfterEach
	void checkThatEveryBufferIsReleased() {
		this.store.assertAllReleased();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, SIZE / 2, SIZE - 1 })
	void messagesThatHaveChangedAreNotReadAndSaidWithTopicAndPosition(int index) throws RocksDBException {
		damage().flipInBatch(3, index);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, TOPIC.name());
			assertThat(read(log, Position.BEFORE_FIRST, ALL, ALL)).as("those before it").hasSize(3);
			assertThat(engine.damages()).as("before anybody has come to it").isEmpty();
			for (int attempt = 0; attempt < 2; attempt++) {
				assertThatExceptionOfType(StorageException.class).isThrownBy(() -> read(log, at(3), ALL, ALL))
					.withMessage("Entry 0:3 of topic t in %s is damaged: its messages have changed"
						.formatted(this.directory))
					.returns(Kind.DAMAGED, StorageException::kind);
			}
			assertThat(read(log, at(4), ALL, ALL)).as("that after it").hasSize(1);
			assertThat(engine.damages()).singleElement().satisfies((damage) -> {
				assertThat(damage.topic()).isEqualTo(TOPIC);
				assertThat(damage.position()).isEqualTo(at(3));
			});
		}
	}

	@Test
	void topicWhoseLastMessagesHaveChangedGoesOn() throws RocksDBException {
		damage().flipInBatch(4, 7);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			TopicLog log = open(engine, TOPIC.name());
			assertThat(this.store.append(log, "p", 5, 1)).containsExactly(at(5));
			assertThat(log.extent().messages()).isEqualTo(6);
			assertThat(read(log, at(5), ALL, ALL)).hasSize(1);
		}
	}

	@Test
	void delayedMessageThatHasChangedIsLeftOutAndSaid() throws RocksDBException {
		Position scheduled;
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			scheduled = await(open(engine, TOPIC.name()).schedule()
				.add(10, sealed(header("p", 9, 1), bytes(9, SIZE)), Unpooled.copiedBuffer(bytes(9, SIZE))));
		}
		damage().overwrite(Column.SCHEDULE, new ScheduleRecords(damage().topicId()).key(scheduled),
				DamagedDirectory.stored(9, bytes(8, SIZE)));
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			ScheduleStore.Due due = await(open(engine, TOPIC.name()).schedule().read(100, ALL, ALL));
			assertThat(due.entries()).isEmpty();
			assertThat(engine.damages()).extracting(Damage::topic).containsExactly(TOPIC);
		}
	}

}
