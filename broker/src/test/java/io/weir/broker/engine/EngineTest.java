package io.weir.broker.engine;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** The shell around the core. */
class EngineTest {

	private static final Topic TOPIC = new Topic("topic");

	private static final Peer PEER = new Peer(1, 1);

	private final BlockingQueue<Effect.Telling> told = new LinkedBlockingQueue<>();

	private final SlowStore store = new SlowStore();

	private final Engine engine = new Engine(this.store, 2, () -> 42,
			new EvenBatches((entry) -> new int[entry.header().count()]));

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
		publish(2);
		CompletionStage<Void> drained = this.engine.drain();
		assertThat(this.engine.snapshot().toCompletableFuture().join()).isEmpty();
		assertThat(this.told).isEmpty();
		assertThat(drained.toCompletableFuture()).isNotDone();
		this.store.open.complete(null);
		drained.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
		assertThat(next(1)).isInstanceOf(Effect.ProducerOpened.class);
		assertThat(next(2)).isInstanceOf(Effect.Stored.class);
	}

	@Test
	void topicThatCannotBeOpenedMustBeTriedAgain() throws InterruptedException {
		openProducer(1);
		this.store.open.completeExceptionally(new StorageException("disk on fire", null));
		assertThat(next(1)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
			assertThat(refused.reason()).isEqualTo("disk on fire");
		});
		this.store.open = CompletableFuture.completedFuture(null);
		this.engine.drain().toCompletableFuture().join();
		openProducer(2);
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
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
		this.engine.submit(TOPIC, new Command.OpenProducer(new ReplyTo(2, 1, 2, 0), new Peer(2, 1), "p", false, -1,
				AccessMode.EXCLUSIVE));
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

	private void tell(Effect.Telling effect) {
		if (effect instanceof Effect.ProducerClosed) {
			throw new IllegalStateException("The client cannot be told");
		}
		this.told.add(effect);
	}

	private void openProducer(long request) {
		this.engine.submit(TOPIC,
				new Command.OpenProducer(new ReplyTo(1, 1, request, 0), PEER, "p", false, -1, AccessMode.SHARED));
	}

	private ByteBuf publish(long request) {
		ByteBuf batch = Unpooled.buffer().writeLong(1);
		this.engine.submit(TOPIC, new Command.Publish(new ReplyTo(1, 1, request, 0), PEER, 0, 1, batch));
		return batch;
	}

	private static Command subscribe(long request) {
		return new Command.Subscribe(new ReplyTo(1, 1, request, 0), new Peer(1, request), "s",
				SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "c", true, ConsumerInstance.once());
	}

	private Effect.Telling next(long request) throws InterruptedException {
		Effect.Telling effect = this.told.poll(10, TimeUnit.SECONDS);
		while (effect != null && effect.to().request() != request) {
			effect = this.told.poll(10, TimeUnit.SECONDS);
		}
		return effect;
	}

	/** Opens logs when the test says so. */
	private static final class SlowStore implements StorageEngine {

		private final MemoryStorageEngine memory = new MemoryStorageEngine();

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
		public CompletionStage<TopicLog> open(Topic topic) {
			return this.open.thenCompose((ignored) -> this.memory.open(topic));
		}

		@Override
		public void close() {
			this.memory.close();
		}

	}

}
