package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.store.Durability;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.ScheduledPosition;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoreFixture;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the contract of all schedules cannot say: what happens between two writes. */
class RocksScheduleTest {

	@TempDir
	Path directory;

	@Test
	void messageThatIsOnItsWayWhileLaterOnesAreReadComesWithTheNextRead() throws Exception {
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch free = new CountDownLatch(1);
		AtomicBoolean slow = new AtomicBoolean();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS,
				(disk) -> (batch, sync) -> {
					if (slow.get()) {
						busy.countDown();
						awaitLatch(free);
					}
					disk.write(batch, sync);
				})) {
			ScheduleStore schedule = open(engine, "t").schedule();
			await(add(schedule, 1300, 0));
			slow.set(true);
			CompletionStage<Position> underWay = add(schedule, 1290, 1);
			busy.await();
			assertThat(dueAt(schedule, 1300)).containsExactly(1300L);
			slow.set(false);
			free.countDown();
			await(underWay);
			assertThat(dueAt(schedule, 1300)).containsExactly(1290L, 1300L);
		}
	}

	@Test
	void topicThatHasDelayedMessagesOnlyMustNotLoseThemWithItsName() throws IOException {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			await(add(open(engine, "t").schedule(), 1300, 0));
		}
		try (RandomAccessFile names = new RandomAccessFile(this.directory.resolve(TopicNames.FILE).toFile(), "rw")) {
			names.setLength(names.length() - 1);
		}
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> RocksDbStorageEngine.open(this.directory, Durability.OS))
			.withMessageContaining("lacks the names of 1 topic(s)")
			.returns(Kind.DAMAGED, StorageException::kind);
		RocksDbStorageEngine.salvage(this.directory);
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(this.directory, Durability.OS)) {
			assertThat(engine.topics()).extracting(Topic::name)
				.singleElement()
				.satisfies((name) -> assertThat(dueAt(open(engine, name).schedule(), 2000)).containsExactly(1300L));
		}
	}

	private static CompletionStage<Position> add(ScheduleStore schedule, long due, long sequence) {
		return schedule.add(due, sealed(header("p", sequence, 1), bytes(sequence, 10)),
				Unpooled.copiedBuffer(bytes(sequence, 10)));
	}

	private static List<Long> dueAt(ScheduleStore schedule, long time) {
		return await(schedule.read(time, 100, 1_000_000)).entries().stream().map((entry) -> {
			entry.release();
			return ScheduledPosition.due(entry.position());
		}).toList();
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
