package io.weir.broker.engine.runtime;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.Durability;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.OwnershipService;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** The shell around the core. */
class EngineTest {

	private static final Topic TOPIC = new Topic("topic");

	private static final Peer PEER = new Peer(1, 1);

	private final BlockingQueue<Effect.Telling> told = new LinkedBlockingQueue<>();

	private final BlockingQueue<Error> errors = new LinkedBlockingQueue<>();

	private final SlowStore store = new SlowStore();

	private final Engine engine = new Engine(this.store, 2, () -> 42, Budgets.unlimited(), 1_000_000, this.errors::add);

	EngineTest() {
		this.engine.start(this::tell);
	}

	@AfterEach
	void close() {
		this.engine.close();
		this.store.close();
	}

	@Test
	void commandsMustWaitForTheLogToOpen() throws InterruptedException {
		openProducer(1);
		this.engine.submit(TOPIC, subscribe(2));
		CompletionStage<Void> drained = this.engine.drain();
		assertThat(this.engine.snapshot().toCompletableFuture().join()).isEmpty();
		assertThat(this.told).isEmpty();
		assertThat(drained.toCompletableFuture()).isNotDone();
		this.store.open.complete(null);
		drained.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
		assertThat(next(1)).isInstanceOf(Effect.ProducerOpened.class);
		assertThat(next(2)).isInstanceOf(Effect.Done.class);
	}

	@Test
	void damageMustBeToldAsSuchAndNotBeRetryable() throws InterruptedException {
		openProducer(1);
		this.store.open.completeExceptionally(new StorageException(Kind.DAMAGED, "entry 0:3 is damaged", null));
		assertThat(next(1)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(ErrorCode.TOPIC_DAMAGED);
			assertThat(refused.code().retryable()).isFalse();
			assertThat(refused.reason()).isEqualTo("entry 0:3 is damaged");
		});
	}

	@Test
	void topicThatCannotBeOpenedMustBeTriedAgain() throws InterruptedException {
		openProducer(1);
		this.store.open.completeExceptionally(new StorageException("disk on fire", null));
		assertThat(next(1)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
			assertThat(refused.reason()).isEqualTo("disk on fire");
			assertThat(refused.producer()).as("who is none, for the session to forget").isEqualTo(PEER);
		});
		this.store.open = CompletableFuture.completedFuture(null);
		this.engine.drain().toCompletableFuture().join();
		openProducer(2);
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

	@Test
	void batchThatTheStoreCannotTakeNowMustBeRefusedAndWhatFollowsItMustNotOvertakeIt() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		publish(2);
		assertThat(next(2)).isInstanceOf(Effect.Stored.class);
		this.store.refusal = new StorageException(StorageException.Kind.UNAVAILABLE, "the disk is full", null);
		publish(3, 1);
		assertRefused(next(3), ErrorCode.STORAGE_UNAVAILABLE, "the disk is full");
		this.store.refusal = null;
		publish(4, 2);
		assertRefused(next(4), ErrorCode.UNKNOWN_PRODUCER, "No producer 1");
		this.engine.submit(TOPIC, new Command.OpenProducer(new ReplyTo(1, 5), PEER, "p", false, 0, AccessMode.SHARED));
		assertThat(next(5)).isInstanceOf(Effect.ProducerOpened.class);
		publish(6, 1);
		publish(7, 2);
		assertThat(next(6)).isInstanceOf(Effect.Stored.class);
		assertThat(next(7)).isInstanceOf(Effect.Stored.class);
		assertThat(this.engine.refused()).isEqualTo(1);
	}

	@Test
	void batchThatIsStoredMustBeAnsweredSoThoughTheStoreTakesNoMore() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		publish(2);
		next(2);
		this.store.refusal = new StorageException(StorageException.Kind.UNAVAILABLE, "the disk is full", null);
		publish(3);
		assertThat(next(3)).isInstanceOfSatisfying(Effect.Stored.class,
				(stored) -> assertThat(stored.duplicate()).isTrue());
	}

	@Test
	void batchesThatWaitToBeStoredMustBeBounded() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		next(1);
		this.store.holding = true;
		publish(2, 0, 900_000);
		publish(3, 1, 200_000);
		assertRefused(next(3), ErrorCode.OVERLOADED, "900000 bytes of messages to be stored already");
		assertThat(this.engine.waitingBytes()).isEqualTo(900_000);
		this.store.letGo();
		assertThat(next(2)).isInstanceOf(Effect.Stored.class);
		assertThat(this.engine.waitingBytes()).isZero();
	}

	@Test
	void topicWhoseLogIsLostMustOpenAgainWithWhatIsStoredAndHaveItsClientsComeBack() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		next(1);
		this.engine.submit(TOPIC, subscribe(2));
		publish(3);
		next(3);
		this.store.lose(new StorageException(StorageException.Kind.UNAVAILABLE, "opened again", null));
		Set<Class<?>> left = Set.of(nextUnasked().getClass(), nextUnasked().getClass());
		assertThat(left).containsExactlyInAnyOrder(Effect.ProducerClosed.class, Effect.ConsumerClosed.class);
		this.engine.submit(TOPIC, new Command.OpenProducer(new ReplyTo(1, 4), PEER, "p", false, 0, AccessMode.SHARED));
		assertThat(next(4)).isInstanceOfSatisfying(Effect.ProducerOpened.class,
				(opened) -> assertThat(opened.lastSequence()).isZero());
	}

	/** Of what nobody asked for, but for deliveries. */
	private Effect.Telling nextUnasked() throws InterruptedException {
		Effect.Telling effect = this.told.poll(10, TimeUnit.SECONDS);
		while (effect instanceof Effect.Deliver || effect instanceof Effect.Done) {
			effect = this.told.poll(10, TimeUnit.SECONDS);
		}
		assertThat(effect).isNotNull();
		return effect;
	}

	@Test
	void errorInATopicMustBeToldAndHaveItOpenedAgain() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		next(1);
		StackOverflowError error = new StackOverflowError();
		this.store.append = error;
		publish(2);
		assertRefused(next(2), ErrorCode.STORAGE_UNAVAILABLE, "StackOverflowError");
		assertThat(this.errors.poll(10, TimeUnit.SECONDS)).isSameAs(error);
		assertThat(nextUnasked()).isInstanceOfSatisfying(Effect.ProducerClosed.class,
				(closed) -> assertThat(closed.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
		this.store.append = null;
		openProducer(3);
		publish(4);
		assertThat(next(4)).isInstanceOf(Effect.Stored.class);
	}

	@Test
	void errorAtWhatWasReadMustReleaseItAndHaveItReadAgain() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		for (int i = 0; i < 3; i++) {
			publish(2 + i, i);
			next(2 + i);
		}
		this.store.taking = new OutOfMemoryError("on purpose");
		consume(10);
		assertThat(this.errors.poll(10, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
		assertThat(nextOf(Effect.ConsumerClosed.class).code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
		consume(11);
		for (int i = 0; i < 3; i++) {
			nextOf(Effect.Deliver.class).entry().release();
		}
		this.engine.close();
		assertThat(this.store.read).hasSize(6).allMatch((entry) -> entry.batch().refCnt() == 0);
	}

	private void consume(long request) {
		this.engine.submit(TOPIC, subscribe(request, SubscriptionType.KEY_SHARED, () -> true));
		this.engine.submit(TOPIC, new Command.Flow(new Peer(1, request), 10));
	}

	private <E extends Effect> E nextOf(Class<E> type) throws InterruptedException {
		Effect effect = this.told.poll(10, TimeUnit.SECONDS);
		while (effect != null && !type.isInstance(effect)) {
			effect = this.told.poll(10, TimeUnit.SECONDS);
		}
		assertThat(effect).isInstanceOf(type);
		return type.cast(effect);
	}

	@Test
	void whatACommandHadDecidedBeforeItFailedMustBeDone() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		AtomicReference<Error> room = new AtomicReference<>();
		this.engine.submit(TOPIC, subscribe(2, SubscriptionType.SHARED, () -> {
			Error error = room.getAndSet(null);
			if (error != null) {
				throw error;
			}
			return true;
		}));
		this.engine.submit(TOPIC, new Command.Flow(new Peer(1, 2), 10));
		next(2);
		this.engine.drain().toCompletableFuture().join();
		room.set(new OutOfMemoryError("on purpose"));
		publish(3);
		assertThat(next(3)).isInstanceOf(Effect.Stored.class);
		assertThat(nextOf(Effect.ProducerClosed.class).code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
	}

	@Test
	void topicThatThereIsNoMemoryToTakeUpMustBeTriedAgain() throws InterruptedException {
		OutOfMemoryError error = new OutOfMemoryError("on purpose");
		this.store.takeUp = error;
		this.store.open.complete(null);
		openProducer(1);
		assertRefused(next(1), ErrorCode.STORAGE_UNAVAILABLE, "on purpose");
		assertThat(this.errors.poll(10, TimeUnit.SECONDS)).isSameAs(error);
		this.store.takeUp = null;
		openProducer(2);
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

	@Test
	void topicWhoseStoreThrowsWhenItIsOpenedMustBeTriedAgain() throws InterruptedException {
		this.store.open = CompletableFuture.completedFuture(null);
		this.store.openThrows = new OutOfMemoryError("on purpose");
		openProducer(1);
		assertRefused(next(1), ErrorCode.STORAGE_UNAVAILABLE, "on purpose");
		this.store.openThrows = null;
		openProducer(2);
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

	@Test
	void logMustBeTrimmedAndReadersGoOnWhereItBegins() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		for (int i = 0; i < 3; i++) {
			publish(2 + i, i);
			next(2 + i);
		}
		this.engine.submit(TOPIC, new Command.Trim(new ReplyTo(1, 5), new Position(0, 2), true));
		assertThat(next(5)).isInstanceOfSatisfying(Effect.Trimmed.class,
				(trimmed) -> assertThat(trimmed.first()).isEqualTo(new Position(0, 2)));
		consume(10);
		Entry first = nextOf(Effect.Deliver.class).entry();
		assertThat(first.position()).isEqualTo(new Position(0, 2));
		first.release();
	}

	private static void assertRefused(Effect effect, ErrorCode code, String reason) {
		assertThat(effect).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(code);
			assertThat(refused.reason()).contains(reason);
		});
	}

	@Test
	void closedEngineMustDropCommandsWithTheirBuffers() {
		this.engine.close();
		assertThat(publish(1).refCnt()).isZero();
		this.engine.drain().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	@Test
	void topicsMustBeReportedByName() throws InterruptedException {
		this.store.open.complete(null);
		this.engine.submit(new Topic("z"), subscribe(1));
		next(1);
		this.engine.submit(new Topic("a"), subscribe(2));
		next(2);
		List<TopicSnapshot> topics = this.engine.snapshot().toCompletableFuture().join();
		assertThat(topics).extracting(TopicSnapshot::name).containsExactly("a", "z");
	}

	@Test
	void clientThatCannotBeToldMustNotKeepTheRestFromHappening() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		this.engine.submit(TOPIC,
				new Command.OpenProducer(new ReplyTo(2, 2), new Peer(2, 1), "p", false, -1, AccessMode.EXCLUSIVE));
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

	private void tell(Effect.Telling effect) {
		if (effect instanceof Effect.ProducerClosed closed && closed.code() == ErrorCode.PRODUCER_FENCED) {
			throw new IllegalStateException("The client cannot be told");
		}
		this.told.add(effect);
	}

	private void openProducer(long request) {
		this.engine.submit(TOPIC,
				new Command.OpenProducer(new ReplyTo(1, request), PEER, "p", false, -1, AccessMode.SHARED));
	}

	private ByteBuf publish(long request) {
		return publish(request, 0);
	}

	private ByteBuf publish(long request, long sequence) {
		return publish(request, sequence, Long.BYTES);
	}

	private ByteBuf publish(long request, long sequence, int bytes) {
		ByteBuf batch = Unpooled.buffer().writeZero(bytes);
		this.engine.submit(TOPIC, new Command.Publish(new ReplyTo(1, request), PEER, sequence,
				MessageIndexes.even(1, bytes), BatchEncoding.plain(batch), batch));
		return batch;
	}

	private static Command subscribe(long request) {
		return subscribe(request, SubscriptionType.EXCLUSIVE, () -> true);
	}

	private static Command subscribe(long request, SubscriptionType type, BooleanSupplier room) {
		return new Command.Subscribe(new ReplyTo(1, request), new Peer(1, request), "s", type, InitialPosition.EARLIEST,
				"c", true, ConsumerInstance.once(), room);
	}

	private Effect.Telling next(long request) throws InterruptedException {
		Effect.Telling effect = this.told.poll(10, TimeUnit.SECONDS);
		while (effect != null && !(effect instanceof Effect.Answer answer && answer.to().ticket() == request)) {
			effect = this.told.poll(10, TimeUnit.SECONDS);
		}
		return effect;
	}

	/** Opens logs when the test says so. */
	private static final class SlowStore implements StorageEngine {

		private final MemoryStorageEngine memory = new MemoryStorageEngine();

		private volatile StorageException refusal;

		private volatile Error append;

		private volatile Error takeUp;

		private volatile Error openThrows;

		/** Thrown once when the second entry that was read is taken. */
		private volatile Error taking;

		/** Whatever was read. */
		private final List<Entry> read = new CopyOnWriteArrayList<>();

		private volatile boolean holding;

		private volatile Runnable held;

		private volatile CompletableFuture<StorageException> lost;

		private volatile CompletableFuture<Void> open = new CompletableFuture<>();

		@Override
		public Durability durability() {
			return this.memory.durability();
		}

		@Override
		public Set<Topic> topics() {
			return this.memory.topics();
		}

		@Override
		public MetadataStore metadata() {
			return this.memory.metadata();
		}

		@Override
		public OwnershipService ownership() {
			return this.memory.ownership();
		}

		@Override
		public CompletionStage<OpenedLog> open(Topic topic, long ownerEpoch) {
			if (this.openThrows != null) {
				throw this.openThrows;
			}
			return this.open.thenCompose((ignored) -> this.memory.open(topic, ownerEpoch)).thenApply(this::slow);
		}

		private OpenedLog slow(OpenedLog opened) {
			TopicLog log = opened.log();
			this.lost = new CompletableFuture<>();
			TopicLog slow = (TopicLog) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { TopicLog.class }, (proxy, method, arguments) -> switch (method.getName()) {
						case "lost" -> this.lost;
						case "append" -> append(log, (EntryHeader) arguments[0], (ByteBuf) arguments[1]);
						case "lastConfirmed" -> lastConfirmed(log);
						case "read" -> read((CompletionStage<?>) method.invoke(log, arguments));
						default -> method.invoke(log, arguments);
					});
			return new OpenedLog(slow, opened.producers(), opened.cursors());
		}

		private Object lastConfirmed(TopicLog log) {
			if (this.takeUp != null) {
				throw this.takeUp;
			}
			return log.lastConfirmed();
		}

		private CompletionStage<?> read(CompletionStage<?> entries) {
			return entries.thenApply((read) -> {
				List<Entry> given = ((List<?>) read).stream().map((entry) -> given((Entry) entry)).toList();
				this.read.addAll(given);
				return given;
			});
		}

		private Entry given(Entry entry) {
			Error error = this.taking;
			if (error == null || entry.position().entry() != 1) {
				return entry;
			}
			this.taking = null;
			entry.release();
			return new Entry(entry.position(), entry.header(),
					new UnpooledHeapByteBuf(UnpooledByteBufAllocator.DEFAULT, 1, 1) {
						@Override
						public int readableBytes() {
							throw error;
						}
					});
		}

		private CompletionStage<Position> append(TopicLog log, EntryHeader header, ByteBuf batch) {
			if (this.append != null) {
				batch.release();
				throw this.append;
			}
			CompletableFuture<Position> done = new CompletableFuture<>();
			CompletionStage<Position> appended = log.append(header, batch);
			this.held = () -> appended.thenAccept(done::complete);
			if (!this.holding) {
				this.held.run();
			}
			return done;
		}

		void letGo() {
			this.holding = false;
			this.held.run();
		}

		void lose(StorageException reason) {
			this.lost.complete(reason);
		}

		@Override
		public StorageStatus status() {
			return this.memory.status();
		}

		@Override
		public StorageException refusal() {
			return this.refusal;
		}

		@Override
		public void close() {
			this.memory.close();
		}

	}

}
