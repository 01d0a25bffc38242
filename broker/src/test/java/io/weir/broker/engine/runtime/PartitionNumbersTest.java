package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PartitionNumbersTest {

	private static final Topic ORDERS = new Topic("orders");

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final ClientSessions sessions = new ClientSessions();

	/** What goes on in the topic, as far as it can be opened. */
	private List<TopicSnapshot> snapshot = List.of();

	/** What happened, in order. */
	private final List<String> steps = new ArrayList<>();

	private ErrorCode refusal = ErrorCode.NONE;

	private LocalSession session;

	private PartitionNumbers numbers;

	@BeforeEach
	void open() {
		this.session = LocalSession.open(this.sessions, this::handle, Budgets.unlimited());
		this.numbers = new PartitionNumbers(this.store.metadata(),
				(topic) -> CompletableFuture.completedStage(this.snapshot), (topic) -> true, this.session,
				(topic, count, version) -> this.steps.add(topic + " has " + count));
	}

	@AfterEach
	void close() {
		this.session.close();
		this.store.close();
	}

	@Test
	void newPartitionsMustHaveTheSubscriptionsBeforeAnybodyKnowsOfThem() {
		this.snapshot = List.of(topic("orders", "s", "t"));
		raise(3).join();
		assertThat(this.steps).containsExactly("s in orders#1", "s in orders#2", "t in orders#1", "t in orders#2",
				"orders has 3");
	}

	/** Which may be of another type now, or gone, and then keep messages for nobody. */
	@Test
	void subscriptionsThatAFormerAttemptHasLeftMustGoFirst() {
		this.snapshot = List.of(topic("orders", "s"), topic("orders#1", "s", "gone"), topic("orders#3", "gone"));
		raise(3).join();
		assertThat(this.steps).containsExactly("s no longer in orders#1", "gone no longer in orders#1", "s in orders#1",
				"s in orders#2", "orders has 3");
	}

	@Test
	void numberMustStayIfASubscriptionCannotBeMade() {
		this.refusal = ErrorCode.STORAGE_FAILED;
		this.snapshot = List.of(topic("orders", "s"));
		assertThatThrownBy(raise(2)::join).hasRootCauseInstanceOf(ProtocolException.class);
		assertThat(this.steps).containsExactly("s in orders#1");
		assertThat(this.store.metadata().children("partitions").toCompletableFuture().join()).isEmpty();
	}

	@Test
	void numberMustStayIfTheTopicCannotBeOpened() {
		assertThatThrownBy(raise(2)::join).cause()
			.hasMessage("Topic 'orders' cannot be opened now, and nobody knows its subscriptions")
			.extracting((failure) -> ((ProtocolException) failure).code())
			.isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
		assertThat(this.steps).isEmpty();
		assertThat(this.store.metadata().children("partitions").toCompletableFuture().join()).isEmpty();
	}

	private CompletableFuture<Void> raise(int count) {
		return this.numbers.raise(ORDERS, count).toCompletableFuture();
	}

	private void handle(Topic topic, Command command) {
		if (command instanceof Command.Subscribe subscribe) {
			this.steps.add(subscribe.subscription() + " in " + topic);
			this.sessions.tell((this.refusal == ErrorCode.NONE) ? new Effect.Done(subscribe.replyTo())
					: new Effect.Refused(subscribe.replyTo(), this.refusal, "refused by the test", null, null));
		}
		else if (command instanceof Command.ChangeSubscription change
				&& change.change() instanceof SubscriptionChange.Delete) {
			this.steps.add(change.subscription() + " no longer in " + topic);
			this.sessions.tell(new Effect.Done(change.replyTo()));
		}
		else if (command instanceof Command.CloseConsumer close) {
			this.sessions.tell(new Effect.Done(close.replyTo()));
		}
	}

	private static TopicSnapshot topic(String name, String... subscriptions) {
		return new TopicSnapshot(name, Policies.none(), new TopicSnapshot.Traffic(0, 0, 0, 0),
				new TopicSnapshot.Space(0, 0, 0, 0), 0, List.of(),
				Arrays.stream(subscriptions).map(PartitionNumbersTest::subscription).toList());
	}

	private static TopicSnapshot.Subscription subscription(String name) {
		return new TopicSnapshot.Subscription(name, SubscriptionType.EXCLUSIVE, true, 0, 0, null, 0, 0, 0, List.of(), 0,
				0, 0, 0, null, List.of());
	}

}
