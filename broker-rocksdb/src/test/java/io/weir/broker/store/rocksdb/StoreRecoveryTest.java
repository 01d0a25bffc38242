package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.Durability;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageStatus.State;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.TopicLog;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static io.weir.broker.store.StoreFixture.at;
import static io.weir.broker.store.StoreFixture.await;
import static io.weir.broker.store.StoreFixture.bytes;
import static io.weir.broker.store.StoreFixture.header;
import static io.weir.broker.store.StoreFixture.open;
import static io.weir.broker.store.StoreFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the store does by itself when it cannot write, and when it can again. */
class StoreRecoveryTest {

	private static final long MIN_FREE = 1000;

	private final StoreFixture store = new StoreFixture();

	private final AtomicLong free = new AtomicLong(10_000);

	private final AtomicLong now = new AtomicLong();

	private final AtomicBoolean broken = new AtomicBoolean();

	/** Whether a write that fails is on the disk all the same. */
	private final AtomicBoolean writtenAllTheSame = new AtomicBoolean();

	private final AtomicInteger failures = new AtomicInteger();

	private final List<Error> errors = new ArrayList<>();

	@TempDir
	Path directory;

	private StoreSupervisor supervisor;

	private RocksDbStorageEngine engine;

	@AfterEach
	void closeAndCheckThatEveryBufferIsReleased() {
		this.engine.close();
		this.store.assertAllReleased();
	}

	private void start() {
		Path data = this.directory.resolve("data");
		this.supervisor = new StoreSupervisor(data, this::unreliable, true, new Volume(data, MIN_FREE, this.free::get),
				this.now::get, this.errors::add);
		this.engine = new RocksDbStorageEngine(Durability.FSYNC, this.supervisor);
	}

	private BatchWriter unreliable(BatchWriter disk) {
		return (batch, sync) -> {
			if (!this.broken.get() || this.writtenAllTheSame.get()) {
				disk.write(batch, sync);
			}
			if (this.broken.get()) {
				this.failures.incrementAndGet();
				throw new RocksDBException("No space left on device");
			}
		};
	}

	@Test
	void nothingIsAppendedWhileThereIsTooLittleRoomAndAllElseGoesOn() {
		start();
		TopicLog log = open(this.engine, "t");
		this.store.append(log, "p", 0, 3);
		await(log.cursors().create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST));
		this.free.set(MIN_FREE - 1);
		this.supervisor.check();
		assertState(State.FULL, "Only 999 bytes are free", "weir.broker.storage-min-free");
		assertThat(this.engine.refusal().kind()).isEqualTo(Kind.UNAVAILABLE);
		assertThat(readAll(log)).hasSize(3);
		await(log.cursors().acknowledge("s", StoreFixture.acknowledged(at(1))));
		assertUnavailable(this.engine.open(new Topic("new"), StoreFixture.OWNER), "Only 999 bytes are free");
		assertThat(open(this.engine, "t").lastConfirmed()).as("a topic that is there").isEqualTo(at(2));
	}

	@Test
	void appendingGoesOnWhenThereIsAQuarterMoreRoomThanThereMustBe() {
		start();
		TopicLog log = open(this.engine, "t");
		this.free.set(0);
		this.supervisor.check();
		this.free.set(MIN_FREE + MIN_FREE / 4 - 1);
		this.supervisor.check();
		assertState(State.FULL, "Only 1249 bytes");
		this.free.set(MIN_FREE + MIN_FREE / 4);
		this.supervisor.check();
		assertServing();
		this.store.append(log, "p", 0, 1);
		assertThat(this.engine.status().freeBytes()).isEqualTo(1250);
	}

	@Test
	void storeRecoversByItselfAfterAWriteFailedAndWhatWasConfirmedIsThere() {
		start();
		TopicLog log = open(this.engine, "t");
		TopicLog other = open(this.engine, "other");
		this.store.append(log, "p", 0, 3);
		this.free.set(0);
		this.broken.set(true);
		assertUnavailable(this.store.append(log, header("p", 3, 1), bytes(3, 100)), "No space left on device");
		Awaitility.await().untilAsserted(() -> assertState(State.UNAVAILABLE, "Only 0 bytes"));
		this.broken.set(false);
		assertUnavailable(this.store.append(other, header("p", 0, 1), bytes(0, 100)), "No space left on device");
		assertThat(this.failures).as("never tried again on the same file").hasValue(1);
		assertThat(readAll(log)).as("what was confirmed can be read meanwhile").hasSize(3);
		this.free.set(10_000);
		this.supervisor.check();
		assertServing();
		for (TopicLog each : List.of(log, other)) {
			assertThat(await(each.lost()).kind()).isEqualTo(Kind.UNAVAILABLE);
		}
		TopicLog again = open(this.engine, "t");
		assertThat(this.store.append(again, "p", 3, 1)).containsExactly(at(3));
		assertThat(readAll(again)).hasSize(4);
	}

	@Test
	void entryOfAWriteThatFailedIsKnownAfterwardsIfItIsThereAllTheSame() {
		start();
		TopicLog log = open(this.engine, "t");
		this.free.set(0);
		this.writtenAllTheSame.set(true);
		this.broken.set(true);
		assertUnavailable(this.store.append(log, header("p", 7, 1), bytes(7, 100)), "No space left on device");
		this.broken.set(false);
		this.free.set(10_000);
		Awaitility.await().untilAsserted(this::checkThatItServes);
		OpenedLog again = StoreFixture.opened(this.engine, "t");
		assertThat(again.log().lastConfirmed()).isEqualTo(at(0));
		assertThat(StoreFixture.producers(again).get("p")).as("a producer that sends it again is told so").hasSize(1);
	}

	private void checkThatItServes() {
		this.supervisor.check();
		assertServing();
	}

	@Test
	void recoveryIsTriedAtOnceAndThenAfterPausesUntilItSucceeds() {
		start();
		TopicLog log = open(this.engine, "t");
		this.broken.set(true);
		assertUnavailable(this.store.append(log, header("p", 0, 1), bytes(0, 100)), "No space left on device");
		Awaitility.await().untilAsserted(() -> assertState(State.UNAVAILABLE, "cannot be written"));
		assertThat(this.failures).as("the write, and that of the recovery").hasValue(2);
		assertUnavailable(log.read(Position.BEFORE_FIRST, 1, 1), "opened again");
		assertUnavailable(this.engine.open(new Topic("t"), StoreFixture.OWNER), "cannot be written");
		this.supervisor.check();
		assertThat(this.failures).as("not yet again").hasValue(2);
		this.now.addAndGet(TimeUnit.SECONDS.toNanos(1));
		this.supervisor.check();
		assertThat(this.failures).hasValue(3);
		this.broken.set(false);
		this.now.addAndGet(TimeUnit.SECONDS.toNanos(1));
		this.supervisor.check();
		assertThat(this.engine.status().state()).as("two seconds this time").isEqualTo(State.UNAVAILABLE);
		assertThat(log.lost().toCompletableFuture()).as("there is nothing to open it again on").isNotDone();
		this.now.addAndGet(TimeUnit.SECONDS.toNanos(1));
		this.supervisor.check();
		assertServing();
		await(log.lost());
		this.store.append(open(this.engine, "t"), "p", 0, 1);
	}

	@Test
	void deletedDataDirectoryIsNoticedAndNothingIsTakenAnyMore() throws IOException {
		start();
		TopicLog log = open(this.engine, "t");
		this.store.append(log, "p", 0, 1);
		deleteData();
		this.supervisor.check();
		assertReplaced(log);
		this.supervisor.check();
		assertThat(this.directory.resolve("data")).as("no empty one is made").doesNotExist();
	}

	@Test
	void replacedDataDirectoryIsNoticedAndNothingIsTakenAnyMore() throws IOException {
		start();
		TopicLog log = open(this.engine, "t");
		Files.move(this.directory.resolve("data"), this.directory.resolve("moved"));
		Files.createFile(Files.createDirectory(this.directory.resolve("data")).resolve("LOCK"));
		this.supervisor.check();
		assertReplaced(log);
	}

	@Test
	void dataDirectoryThatWasEmptiedIsNoticed() throws IOException {
		start();
		TopicLog log = open(this.engine, "t");
		Files.delete(this.directory.resolve("data/LOCK"));
		this.supervisor.check();
		assertReplaced(log);
	}

	private void assertReplaced(TopicLog log) {
		assertState(State.FAILED, "was deleted or replaced while the broker was running", "restart the broker");
		assertThat(this.engine.refusal().kind()).isEqualTo(Kind.FAILED);
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> await(this.store.append(log, header("p", 1, 1), bytes(1, 100))))
			.withMessageContaining("deleted or replaced")
			.satisfies((failure) -> assertThat(failure.kind()).isEqualTo(Kind.FAILED));
	}

	private void deleteData() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory.resolve("data"))) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

	private void assertState(State state, String... reason) {
		assertThat(this.engine.status().state()).isEqualTo(state);
		assertThat(this.engine.status().reason()).contains(reason);
	}

	private void assertServing() {
		assertThat(this.engine.status().state()).isEqualTo(State.SERVING);
		assertThat(this.engine.status().reason()).isNull();
		assertThat(this.engine.refusal()).isNull();
	}

	private static void assertUnavailable(CompletionStage<?> stage, String reason) {
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> await(stage))
			.withMessageContaining(reason)
			.satisfies((failure) -> assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE));
	}

}
