package io.weir.broker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.engine.runtime.Replays;
import io.weir.broker.engine.runtime.TopicHold;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.session.TopicPartitions;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.MetadataNames;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.StorageEngine;
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
import io.weir.wire.ProtocolException;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Topics with three partitions that are deleted, whatever comes in between. */
class TopicDeletionTest {

	private static final Topic ORDERS = new Topic("orders");

	private static final int PARTITIONS = 3;

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private volatile long now = 1_000_000;

	@AfterEach
	void close() {
		this.store.close();
	}

	/** Three logs, policies of topic and subscription, the number, and the note twice. */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4, 5, 6, 7, 8 })
	void topicMustBeWholeOrGoneAfterACrashBetweenAnyTwoSteps(int steps) {
		DyingStore dying = new DyingStore(this.store);
		try (Life life = new Life(dying.engine())) {
			life.makeOrders();
			dying.dieAfter(steps);
			CompletionStage<Void> deleted = life.deletion.delete(ORDERS, DeleteWhen.UNUSED);
			await().atMost(ofSeconds(30)).until(() -> dying.isDead() || deleted.toCompletableFuture().isDone());
			assertThat(dying.isDead()).isEqualTo(steps < 8);
		}
		try (Life life = new Life(this.store)) {
			done(life.deletion.resume());
			if (steps == 0) {
				assertThat(this.store.topics()).hasSize(PARTITIONS);
				assertThat(life.partitions.count(ORDERS)).isEqualTo(PARTITIONS);
				assertThat(life.subscriptions()).hasSize(PARTITIONS).containsOnly("s");
				done(life.deletion.delete(ORDERS, DeleteWhen.UNUSED));
			}
			assertGone(life);
		}
		try (Life life = new Life(this.store)) {
			done(life.deletion.resume());
			assertGone(life);
			life.publish(ORDERS, "p", 0);
			assertThat(life.engine.exists(ORDERS)).isTrue();
		}
		try (Life life = new Life(this.store)) {
			done(life.deletion.resume());
			assertThat(life.engine.exists(ORDERS)).as("deleted once").isTrue();
		}
	}

	private void assertGone(Life life) {
		await().atMost(ofSeconds(30)).untilAsserted(() -> assertThat(this.store.topics()).isEmpty());
		assertThat(life.engine.exists(ORDERS)).isFalse();
		assertThat(life.partitions.count(ORDERS)).isOne();
		assertThat(done(life.engine.policies().topic(ORDERS))).isEqualTo(TopicPolicies.none());
		assertThat(done(life.engine.policies().subscription(ORDERS, "s"))).isEqualTo(SubscriptionPolicies.none());
	}

	@Test
	void topicThatIsUsedInAnyPartitionMustNotBeDeletedUnlessForced() {
		try (Life life = new Life(this.store)) {
			life.makeOrders();
			Peer producer = life.local.newPeer();
			life.open(ORDERS.partition(2), producer, "p");
			assertBusy(life.deletion.delete(ORDERS, DeleteWhen.UNUSED),
					"Topic 'orders#2' has 1 producers and 0 consumers");
			life.publish(ORDERS, "q", 0);
			assertThat(life.subscriptions()).as("it goes on").hasSize(PARTITIONS).containsOnly("s");
			done(life.deletion.delete(ORDERS, DeleteWhen.ALWAYS));
			assertGone(life);
			assertThatThrownBy(() -> done(life.deletion.delete(ORDERS, DeleteWhen.ALWAYS)))
				.hasMessageContaining("There is no topic 'orders'");
		}
	}

	@Test
	void whoeverComesWhileATopicIsBeingDeletedMustMakeANewOneInTheOrderOfItsRequests() {
		try (Life life = new Life(this.store)) {
			life.publish(ORDERS, "p", 7);
			TopicHold hold = done(life.engine.hold(ORDERS, DeleteWhen.UNUSED));
			Peer producer = life.local.newPeer();
			CompletionStage<Effect.Answer> opened = life.openLater(ORDERS, producer, "p");
			CompletionStage<Effect.Answer> stored = life.publishLater(ORDERS, producer, 0);
			done(hold.delete(new StorageFailure(ErrorCode.NOT_FOUND, "Topic was deleted")));
			assertThat(opened.toCompletableFuture()).isNotDone();
			hold.end();
			assertThat(((Effect.ProducerOpened) done(opened)).lastSequence()).as("a name of the old one").isZero();
			Effect.Stored receipt = (Effect.Stored) done(stored);
			assertThat(receipt.duplicate()).isFalse();
			assertThat(receipt.position()).as("behind the old one").isEqualTo(new Position(0, 1));
			assertThat(this.store.topics()).containsExactly(ORDERS);
		}
	}

	@Test
	void topicThatIsNotDeletedAfterAllMustGoOn() {
		try (Life life = new Life(this.store)) {
			life.publish(ORDERS, "p", 7);
			TopicHold hold = done(life.engine.hold(ORDERS, DeleteWhen.UNUSED));
			CompletionStage<Effect.Answer> opened = life.openLater(ORDERS, life.local.newPeer(), "p");
			hold.release();
			assertThat(((Effect.ProducerOpened) done(opened)).lastSequence()).isEqualTo(7);
		}
	}

	@Test
	void logThatCannotBeDeletedNowMustBeDeletedLater() {
		DyingStore failing = new DyingStore(this.store);
		try (Life life = new Life(failing.engine())) {
			life.makeOrders();
			failing.failNext(2);
			done(life.deletion.delete(ORDERS, DeleteWhen.ALWAYS));
			assertThat(failing.failures()).isZero();
			assertGone(life);
		}
	}

	@Test
	void partitionsThatAreRaisedWhileATopicIsDeletedMustBeThoseOfANewOne() {
		DyingStore slow = new DyingStore(this.store);
		try (Life life = new Life(slow.engine())) {
			life.makeOrders();
			CompletableFuture<Void> held = slow.holdNextNote();
			CompletionStage<Void> deleted = life.deletion.delete(ORDERS, DeleteWhen.ALWAYS);
			CompletionStage<Void> raised = life.partitions.raise(ORDERS, PARTITIONS + 1);
			held.complete(null);
			done(deleted);
			done(raised);
			assertThat(this.store.topics()).as("of the old one").isEmpty();
			assertThat(life.partitions.count(ORDERS)).isEqualTo(PARTITIONS + 1);
		}
	}

	@Test
	void topicThatIsDeletedWhileItIsGivenPartitionsMustGoWithThem() {
		DyingStore slow = new DyingStore(this.store);
		try (Life life = new Life(slow.engine())) {
			life.makeOrders();
			CompletableFuture<Void> held = slow.holdNextNote();
			CompletionStage<Void> raised = life.partitions.raise(ORDERS, PARTITIONS + 1);
			CompletionStage<Void> deleted = life.deletion.delete(ORDERS, DeleteWhen.ALWAYS);
			held.complete(null);
			done(raised);
			done(deleted);
			assertGone(life);
		}
	}

	@Test
	void replaysOfADeletedTopicMustBeForgotten() {
		String key = "replays/" + MetadataNames.encode("orders#1");
		try (Life life = new Life(this.store)) {
			life.makeOrders();
			done(this.store.metadata().put(key, new byte[] { 1 }, MetadataStore.NO_VERSION));
			done(life.deletion.delete(ORDERS, DeleteWhen.ALWAYS));
			assertThat(done(this.store.metadata().get(key)).orElseThrow().value()).isEmpty();
		}
	}

	@Test
	void unusedTopicMustExpireWithAllItsPartitions() {
		try (Life life = new Life(this.store)) {
			life.makeOrders();
			life.acknowledgeAll();
			done(life.engine.policies().set(ORDERS, TopicPolicies.builder().expireAfter(ofDays(1)).build()));
			Peer producer = life.local.newPeer();
			life.open(ORDERS, producer, "p");
			turn(life, ofDays(2).toMillis());
			life.local.ask(ORDERS, (to) -> new Command.CloseProducer(to, producer)).toCompletableFuture().join();
			turn(life, ofDays(1).toMillis() / 2);
			assertThat(this.store.topics()).hasSize(PARTITIONS);
		}
		try (Life life = new Life(this.store)) {
			turn(life, ofDays(1).toMillis() / 2);
			assertThat(this.store.topics()).as("it counts from the start").hasSize(PARTITIONS);
			turn(life, ofDays(1).toMillis());
			assertGone(life);
		}
	}

	/** Time goes by, and what was to be done by then is done. */
	private void turn(Life life, long millis) {
		this.now += millis;
		life.engine.tick();
		done(life.engine.drain());
		done(life.engine.snapshot(ORDERS));
	}

	private static void assertBusy(CompletionStage<Void> refused, String reason) {
		assertThatThrownBy(() -> done(refused)).hasCauseInstanceOf(ProtocolException.class)
			.cause()
			.hasMessage(reason)
			.extracting((failure) -> ((ProtocolException) failure).code())
			.isEqualTo(ErrorCode.TOPIC_BUSY);
	}

	private static <T> T done(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

	/** A broker without clients, from a start to a crash. */
	private final class Life implements AutoCloseable {

		private final ClientSessions sessions = new ClientSessions();

		private final Engine engine;

		private final LocalSession local;

		private final PartitionAdministration partitions;

		private final Replays replays;

		private final TopicDeletion deletion;

		Life(StorageEngine store) {
			this.engine = new Engine(store, 2, () -> TopicDeletionTest.this.now, Budgets.unlimited());
			this.engine.start(this.sessions);
			this.local = LocalSession.open(this.sessions, this.engine::submit, Budgets.unlimited());
			TopicTurns turns = new TopicTurns();
			this.partitions = new PartitionAdministration(store.metadata(), new TopicPartitions(), this.engine,
					this.local, turns);
			done(this.partitions.load());
			this.replays = Replays.of(this.engine, this.local, store.metadata(), () -> TopicDeletionTest.this.now);
			this.deletion = new TopicDeletion(store.metadata(), this.partitions, this.engine, this.replays, turns);
		}

		/** With messages, a subscription that has not acknowledged them, and policies. */
		void makeOrders() {
			subscribe(ORDERS);
			done(this.partitions.raise(ORDERS, PARTITIONS));
			for (int number = 0; number < PARTITIONS; number++) {
				publish(ORDERS.partition(number), "p", 0);
			}
			done(this.engine.policies().set(ORDERS, TopicPolicies.builder().messageTtl(ofDays(9)).build()));
			done(this.engine.policies()
				.set(ORDERS, "s", SubscriptionPolicies.builder().ackTimeout(ofSeconds(9)).build()));
		}

		private void subscribe(Topic topic) {
			Peer consumer = this.local.newPeer();
			done(this.local.ask(topic, (to) -> new Command.Subscribe(to, consumer, "s", SubscriptionType.SHARED,
					InitialPosition.EARLIEST, "c", true, ConsumerInstance.once())));
			done(this.local.ask(topic, (to) -> new Command.CloseConsumer(to, consumer)));
		}

		void acknowledgeAll() {
			for (int number = 0; number < PARTITIONS; number++) {
				Peer consumer = this.local.newPeer();
				Topic topic = ORDERS.partition(number);
				done(this.local.ask(topic, (to) -> new Command.Subscribe(to, consumer, "s", SubscriptionType.SHARED,
						InitialPosition.EARLIEST, "c", true, ConsumerInstance.once())));
				done(this.local.ask(topic, (to) -> new Command.ChangeOwn(to, consumer,
						new SubscriptionChange.MoveToTime(Long.MAX_VALUE))));
				done(this.local.ask(topic, (to) -> new Command.CloseConsumer(to, consumer)));
			}
		}

		CompletionStage<Effect.Answer> openLater(Topic topic, Peer producer, String name) {
			return this.local.ask(topic,
					(to) -> new Command.OpenProducer(to, producer, name, false, -1, AccessMode.SHARED));
		}

		void open(Topic topic, Peer producer, String name) {
			done(openLater(topic, producer, name));
		}

		CompletionStage<Effect.Answer> publishLater(Topic topic, Peer producer, long sequence) {
			ByteBuf batch = Unpooled.buffer().writeZero(8);
			return this.local.ask(topic, (to) -> new Command.Publish(to, producer, sequence, MessageIndexes.even(1, 8),
					BatchEncoding.plain(batch), batch));
		}

		void publish(Topic topic, String name, long sequence) {
			Peer producer = this.local.newPeer();
			open(topic, producer, name);
			done(publishLater(topic, producer, sequence));
			done(this.local.ask(topic, (to) -> new Command.CloseProducer(to, producer)));
		}

		List<String> subscriptions() {
			return done(this.engine.snapshot(ORDERS)).stream()
				.flatMap((topic) -> topic.subscriptions().stream())
				.map((subscription) -> subscription.name())
				.toList();
		}

		@Override
		public void close() {
			this.deletion.close();
			this.replays.close();
			this.partitions.close();
			this.local.close();
			this.engine.close();
		}

	}

}
