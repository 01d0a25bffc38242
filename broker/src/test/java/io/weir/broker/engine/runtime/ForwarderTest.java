package io.weir.broker.engine.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Storing;
import io.weir.broker.store.Entry;
import io.weir.broker.store.FaultyStorageEngine;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

/** Messages of one topic are published to another. */
class ForwarderTest {

	private static final Topic SOURCE = new Topic("orders");

	private static final Topic TARGET = new Topic("orders.dead");

	private static final long ENTRIES = 50;

	private final MemoryStorageEngine memory = new MemoryStorageEngine();

	private final FaultyStorageEngine store = new FaultyStorageEngine(this.memory);

	private final Budgets budgets = new Budgets((limit) -> switch (limit) {
		case TOPICS -> 1;
		case PRODUCER_NAME_EXPIRY -> 1_000;
		default -> Long.MAX_VALUE / 2;
	});

	private final List<ByteBuf> buffers = new ArrayList<>();

	private volatile long now = 42;

	private Engine engine = newEngine();

	private Forwarder forwarder = newForwarder();

	@AfterEach
	void everythingMustBeReleased() {
		this.forwarder.close();
		this.engine.close();
		this.store.close();
		assertThat(this.buffers).allMatch((buffer) -> buffer.refCnt() == 0);
	}

	private Engine newEngine() {
		return new Engine(this.store, 2, () -> this.now, this.budgets);
	}

	private Forwarder newForwarder() {
		ClientSessions sessions = new ClientSessions();
		this.engine.start(sessions);
		return new Forwarder(LocalSession.open(sessions, this.engine::submit, this.budgets));
	}

	@Test
	void messagesMustBeStoredOnceThoughTheStoreFailsInTheMiddleAndAllIsRepeated() {
		this.store.failAfter((int) ENTRIES / 2, Kind.UNAVAILABLE);
		assertThat(forwardAll()).isBetween(1L, ENTRIES - 1);
		assertThat(forwardAll()).isEqualTo(ENTRIES);
		assertThat(forwardAll()).isEqualTo(ENTRIES);
		assertThat(storedInTarget()).containsExactlyInAnyOrderElementsOf(LongStream.range(0, ENTRIES).boxed().toList());
	}

	@Test
	void messagesMustBeStoredOnceThoughTheBrokerIsRestarted() {
		forwardAll();
		restart();
		assertThat(forwardAll()).isEqualTo(ENTRIES);
		assertThat(storedInTarget()).hasSize((int) ENTRIES).doesNotHaveDuplicates();
	}

	/** One that is much behind must not count as one that was stored before. */
	@Test
	void messagesMayBeForwardedInAnyOrder() {
		forward("s", 1_000_000, 0).join();
		forward("s", 5, 8_000).join();
		forward("s", 5, 0).join();
		forward("another", 5, 0).join();
		assertThat(storedInTarget()).containsExactly(1_000_000L, 5L, 5L, 5L);
	}

	/** At the same time, and by the same name. */
	@Test
	void messagesOfOneEntryMustNotGetInEachOthersWay() {
		List<CompletableFuture<Void>> forwards = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			forwards.add(forward("s", 7, i % 10));
		}
		forwards.forEach(CompletableFuture::join);
		assertThat(storedInTarget()).hasSize(10);
	}

	@Test
	void whatIsForgottenMustLeaveNothing() {
		Budget names = this.budgets.of(BrokerLimit.PRODUCER_NAMES);
		forward("s", 7, 0).join();
		assertThat(names.used()).isOne();
		this.forwarder.forget(SOURCE, new Storing.ForgetForwarded("s", new Position(0, 7), TARGET))
			.toCompletableFuture()
			.orTimeout(10, TimeUnit.SECONDS)
			.join();
		assertThat(names.used()).isZero();
		this.engine.close();
		assertThat(StoreFixture.await(this.memory.open(TARGET, Long.MAX_VALUE)).producers()).isEmpty();
	}

	/** As with a subscription that is not durable, which went with the broker. */
	@Test
	void whatNobodyHasForgottenMustBeForgottenInTime() {
		forward("s", 7, 0).join();
		restart();
		forward("s", 7, 0).join();
		this.now += this.budgets.of(BrokerLimit.PRODUCER_NAME_EXPIRY).limit();
		this.engine.tick();
		this.engine.drain().toCompletableFuture().join();
		assertThat(this.budgets.of(BrokerLimit.PRODUCER_NAMES).used()).isZero();
		forward("s", 7, 0).join();
		assertThat(storedInTarget()).as("recognised once, and then no more").containsExactly(7L, 7L);
	}

	@Test
	void topicMustHearHowItWent() throws InterruptedException {
		BlockingQueue<Command> outcomes = new LinkedBlockingQueue<>();
		OpenedLog log = StoreFixture.await(this.memory.open(SOURCE, 1));
		StorageExecutor executor = new StorageExecutor(log.log(), outcomes::add, (failure) -> {
			throw new IllegalStateException(failure);
		}, new Admission(this.memory, Long.MAX_VALUE), (error) -> {
		}, () -> this.forwarder);
		executor.execute(effect("s", 3, 2, TARGET));
		assertThat(outcomes.poll(10, TimeUnit.SECONDS))
			.isEqualTo(new Outcome.Forwarded("s", new Position(0, 3), 2, TARGET));
		executor.execute(effect("s", 3, 2, new Topic("one.too.many")));
		assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(Outcome.Failed.class,
				(failed) -> assertThat(failed.failure().code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
	}

	@Test
	void targetThatIsOneTopicTooManyMustNotBeMadeByTryingAgain() {
		forward("s", 1, 0).join();
		Topic tooMany = new Topic("one.too.many");
		for (int i = 0; i < 3; i++) {
			assertThat(this.forwarder.forward(SOURCE, effect("s", 1, 0, tooMany)).toCompletableFuture())
				.failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.havingRootCause()
				.isInstanceOf(ProtocolException.class)
				.withMessageContaining("may not have more; the limit is weir.broker.limits.topics");
		}
		assertThat(this.engine.exists(tooMany)).isFalse();
		assertThat(this.budgets.of(BrokerLimit.TOPICS).used()).isOne();
		assertThat(this.budgets.of(BrokerLimit.TOPICS).refused()).isEqualTo(3);
	}

	private void restart() {
		this.forwarder.close();
		this.engine.close();
		this.engine = newEngine();
		this.forwarder = newForwarder();
	}

	/** Forwards one message each of many entries; says how many were stored. */
	private long forwardAll() {
		List<CompletableFuture<Void>> forwards = LongStream.range(0, ENTRIES)
			.mapToObj((entry) -> forward("s", entry, 0))
			.toList();
		return forwards.stream().filter(ForwarderTest::succeeds).count();
	}

	private static boolean succeeds(CompletableFuture<Void> forward) {
		try {
			forward.join();
			return true;
		}
		catch (CompletionException ex) {
			assertThat(ex).hasCauseInstanceOf(ProtocolException.class);
			return false;
		}
	}

	private CompletableFuture<Void> forward(String purpose, long entry, int index) {
		return this.forwarder.forward(SOURCE, effect(purpose, entry, index, TARGET))
			.toCompletableFuture()
			.orTimeout(10, TimeUnit.SECONDS);
	}

	private Storing.Forward effect(String purpose, long entry, int index, Topic target) {
		ByteBuf batch = Unpooled.buffer().writeLong(entry);
		this.buffers.add(batch);
		return new Storing.Forward(purpose, new Position(0, entry), index, target, MessageIndexes.even(1, Long.BYTES),
				BatchEncoding.plain(batch), batch);
	}

	private List<Long> storedInTarget() {
		OpenedLog opened = StoreFixture.await(this.memory.open(TARGET, Long.MAX_VALUE));
		List<Entry> entries = StoreFixture.await(opened.log().read(Position.BEFORE_FIRST, 1000, 1_000_000));
		List<Long> stored = entries.stream()
			.map((entry) -> entry.batch().getLong(entry.batch().readerIndex()))
			.toList();
		entries.forEach(Entry::release);
		return stored;
	}

}
