package io.weir.broker.engine.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ConsumerInstance;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Topics that leave the memory when nobody uses them, and come back. */
class RestingTopicsTest {

	private static final Topic TOPIC = new Topic("topic");

	private static final long IDLE = 1000;

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final AtomicLong now = new AtomicLong(1_000_000);

	private final Budgets budgets = new Budgets(
			(limit) -> (limit == BrokerLimit.TOPIC_IDLE_TIME) ? IDLE : limit.defaultValue(1 << 30));

	private final Engine engine = new Engine(this.store, 2, this.now::get, this.budgets);

	private volatile BiConsumer<Topic, Command> submitting = this.engine::submit;

	private final LocalSession session;

	RestingTopicsTest() {
		ClientSessions sessions = new ClientSessions();
		this.engine.start(sessions);
		this.session = LocalSession.open(sessions, (topic, command) -> this.submitting.accept(topic, command),
				this.budgets);
	}

	@AfterEach
	void close() {
		this.session.close();
		this.engine.close();
		this.store.close();
	}

	@Test
	void unusedTopicMustLeaveTheMemoryAndBeAsItWasWhenItIsUsedAgain() {
		subscribe("s", InitialPosition.EARLIEST);
		publish("given", 5, MessageIndexes.even(1, 8));
		long size = this.engine.figures().size();
		rest();
		assertThat(this.engine.figures().size()).as("counts as it was").isEqualTo(size).isPositive();
		assertThat(this.engine.figures().backlog()).isOne();
		Peer again = this.session.newPeer();
		assertThat(((Effect.ProducerOpened) done(open(again, "given"))).lastSequence()).isEqualTo(5);
		done(close(again));
		assertThat(this.engine.figures().size()).isEqualTo(size);
		assertThat(this.engine.figures().backlog()).isOne();
		rest();
		assertThat(snapshot().subscriptions()).singleElement()
			.satisfies((subscription) -> assertThat(subscription.backlog()).isOne());
	}

	@Test
	void delayedMessageMustComeInTimeThoughItsTopicIsNotInMemory() {
		long due = this.now.get() + 100 * IDLE;
		publish("p", 0, MessageIndexes.of(1, (i) -> new long[] { Long.BYTES, 0, due, MessageIndex.NEVER }));
		rest();
		assertThat(this.engine.figures().messagesIn()).isZero();
		assertThat(this.engine.figures().delayed()).isOne();
		this.now.set(due);
		this.engine.tick();
		await().atMost(ofSeconds(30)).until(() -> this.engine.figures().messagesIn() == 1);
		assertThat(this.engine.figures().delayed()).isZero();
	}

	@Test
	void policyThatIsStoredMeanwhileMustCount() {
		IntStream.range(0, 3).forEach((i) -> publish("p", i, MessageIndexes.even(1, 8)));
		rest();
		done(this.engine.policies()
			.set(TOPIC, TopicPolicies.builder().retentionTime(Duration.ZERO).build())
			.toCompletableFuture());
		await().atMost(ofSeconds(30)).until(() -> {
			this.now.addAndGet(IDLE);
			this.engine.tick();
			return this.engine.figures().size() == 8;
		});
	}

	/**
	 * What was given to a writer just when it left is handed over to the next one, before
	 * what was given to that one meanwhile.
	 */
	@Test
	void commandsThatReachAWriterThatHasLeftMustBeCarriedOutInOrder() {
		publish("p", 0, MessageIndexes.even(1, 8));
		TopicWriter left = Objects.requireNonNull(this.engine.writer(TOPIC));
		rest();
		Peer producer = this.session.newPeer();
		HeldThread beforeAll = HeldThread.of(left);
		this.submitting = (topic, command) -> left.submit(command);
		CompletableFuture<Effect.Answer> opened = open(producer, "p");
		HeldThread between = new HeldThread();
		left.execute(between::hold);
		CompletableFuture<Effect.Answer> earlier = publish(producer, 1, MessageIndexes.even(1, 8));
		beforeAll.goOn();
		between.awaitHeld();
		assertThat(this.engine.writer(TOPIC)).as("who takes its place").isNotNull().isNotSameAs(left);
		this.submitting = this.engine::submit;
		CompletableFuture<Effect.Answer> later = publish(producer, 2, MessageIndexes.even(1, 8));
		between.goOn();
		assertThat(done(opened)).isInstanceOf(Effect.ProducerOpened.class);
		assertThat(((Effect.Stored) done(earlier)).position()).isEqualTo(StoreFixture.at(1));
		assertThat(((Effect.Stored) done(later)).position()).isEqualTo(StoreFixture.at(2));
	}

	/** Whatever comes just when a topic leaves is answered, in order. */
	@Test
	void nothingMustBeLostOrReorderedWhileTopicsComeAndGo() {
		int threads = 3;
		int rounds = 300;
		List<CompletableFuture<Void>> running = new ArrayList<>();
		for (int t = 0; t < threads; t++) {
			String name = "p" + t;
			running.add(CompletableFuture.runAsync(() -> {
				for (int i = 0; i < rounds; i++) {
					Peer producer = this.session.newPeer();
					CompletableFuture<Effect.Answer> opened = open(producer, name);
					CompletableFuture<Effect.Answer> first = publish(producer, 2L * i, MessageIndexes.even(1, 8));
					CompletableFuture<Effect.Answer> second = publish(producer, 2L * i + 1, MessageIndexes.even(1, 8));
					assertThat(((Effect.ProducerOpened) done(opened)).lastSequence()).isBetween(2L * i - 1, 2L * i + 1);
					assertThat(((Effect.Stored) done(first)).duplicate()).isFalse();
					assertThat(((Effect.Stored) done(second)).duplicate()).isFalse();
					done(close(producer));
				}
			}));
		}
		CompletableFuture<Void> all = CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
		while (!all.isDone()) {
			this.now.addAndGet(IDLE);
			this.engine.tick();
		}
		done(all);
		rest();
		assertThat(StoreFixture.await(this.store.open(TOPIC, Long.MAX_VALUE)).log().extent().messages())
			.isEqualTo(2L * threads * rounds);
	}

	private void rest() {
		await().atMost(ofSeconds(30)).until(() -> {
			this.now.addAndGet(10 * IDLE);
			this.engine.tick();
			return this.engine.open() == 0;
		});
	}

	private TopicSnapshot snapshot() {
		return done(this.engine.snapshot(TOPIC).toCompletableFuture()).get(0);
	}

	private void subscribe(String subscription, InitialPosition initial) {
		Peer consumer = this.session.newPeer();
		done(this.session
			.ask(TOPIC,
					(to) -> new Command.Subscribe(to, consumer, subscription, SubscriptionType.SHARED, initial, "c",
							true, ConsumerInstance.once()))
			.toCompletableFuture());
		done(this.session.ask(TOPIC, (to) -> new Command.CloseConsumer(to, consumer)).toCompletableFuture());
	}

	private void publish(String name, long sequence, MessageIndex index) {
		Peer producer = this.session.newPeer();
		done(open(producer, name));
		done(publish(producer, sequence, index));
		done(close(producer));
	}

	private CompletableFuture<Effect.Answer> open(Peer producer, String name) {
		return this.session
			.ask(TOPIC, (to) -> new Command.OpenProducer(to, producer, name, false, -1, AccessMode.SHARED))
			.toCompletableFuture();
	}

	private CompletableFuture<Effect.Answer> publish(Peer producer, long sequence, MessageIndex index) {
		ByteBuf batch = Unpooled.buffer().writeZero(8);
		return this.session
			.ask(TOPIC, (to) -> new Command.Publish(to, producer, sequence, index, BatchEncoding.plain(batch), batch))
			.toCompletableFuture();
	}

	private CompletableFuture<Effect.Answer> close(Peer producer) {
		return this.session.ask(TOPIC, (to) -> new Command.CloseProducer(to, producer)).toCompletableFuture();
	}

	private static <T> T done(CompletableFuture<T> future) {
		return future.orTimeout(30, TimeUnit.SECONDS).join();
	}

	/** The thread of a topic, which waits. */
	private static final class HeldThread {

		private final CountDownLatch held = new CountDownLatch(1);

		private final CountDownLatch goesOn = new CountDownLatch(1);

		static HeldThread of(TopicWriter writer) {
			HeldThread thread = new HeldThread();
			writer.execute(thread::hold);
			thread.awaitHeld();
			return thread;
		}

		void hold() {
			this.held.countDown();
			pass(this.goesOn);
		}

		void awaitHeld() {
			pass(this.held);
		}

		void goOn() {
			this.goesOn.countDown();
		}

		private static void pass(CountDownLatch latch) {
			try {
				assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		}

	}

}
