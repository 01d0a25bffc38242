package io.weir.broker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Subscriptions that come or go while their topic is being given partitions. */
class RaisedPartitionsTest extends BrokerFixture {

	private final MemoryStorageEngine store = closing(new MemoryStorageEngine());

	private final DyingStore held = new DyingStore(this.store);

	private final Broker broker = start(Broker.builder().port(0).storage(this.held.engine()));

	private final RawClient client = closing(new RawClient(this.broker));

	/** Completes the raise, of which all is done but that the number is stored. */
	private CompletableFuture<Void> stored = new CompletableFuture<>();

	private CompletableFuture<Void> raised = new CompletableFuture<>();

	@BeforeEach
	void raise() {
		this.client.ask(this.client.control(), new Frame.Connect("raw", null, Set.of(Feature.PARTITIONS)));
		this.client.ask(subscribe(1, "here"));
		this.client.ask(subscribe(2, "away"));
		this.client.ask(new Frame.CloseConsumer(2));
		this.stored = this.held.holdNextNote();
		this.raised = CompletableFuture.runAsync(() -> this.broker.partitions("orders", 3));
		await().atMost(ofSeconds(30)).until(() -> subscriptions("orders#2").size() == 2);
	}

	@Test
	void subscriptionMustBeInAllPartitionsOrNotBeMadeYet() {
		assertRefused(this.client, subscribe(3, "new"), ErrorCode.TOPIC_BUSY,
				"Topic 'orders' is being given partitions");
		this.stored.complete(null);
		this.raised.join();
		assertThat(this.client.pushed()).as("the one that is there").isEqualTo(new Frame.Partitions("orders", 3));
		this.client.ask(subscribe(3, "new"));
		assertThat(this.client.pushed()).as("before the answer").isEqualTo(new Frame.Partitions("orders", 3));
		assertThat(subscriptions("orders#1")).containsExactlyInAnyOrder("here", "away");
	}

	@Test
	void subscriptionThatIsRemovedMustNotStayInThePartitionsThatAreMade() {
		assertRefused(this.client, new Frame.Unsubscribe(1), ErrorCode.TOPIC_BUSY, "try again");
		CompletableFuture<Void> deleted = CompletableFuture
			.runAsync(() -> this.broker.deleteSubscription("orders", "away"));
		this.stored.complete(null);
		this.raised.join();
		deleted.join();
		assertThat(List.of(subscriptions("orders"), subscriptions("orders#1"), subscriptions("orders#2")))
			.allMatch(List.of("here")::equals);
		this.client.ask(new Frame.Unsubscribe(1));
		assertThat(subscriptions("orders#2")).as("which the client removes by itself").containsExactly("here");
	}

	@Test
	void raiseThatCouldNotBeStoredMustLeaveNothingToTheNextOne() {
		fail();
		this.client.ask(new Frame.Unsubscribe(1));
		this.broker.deleteSubscription("orders", "away");
		this.client.ask(new Frame.Subscribe(2, "orders", "away", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST,
				"raw", true));
		this.broker.partitions("orders", 3);
		assertThat(List.of(subscriptions("orders"), subscriptions("orders#1"), subscriptions("orders#2")))
			.allMatch(List.of("away")::equals);
	}

	@Test
	void partitionsOfARaiseThatCouldNotBeStoredMustGoWithTheirTopic() {
		fail();
		assertThat(this.store.topics()).hasSize(3);
		this.broker.deleteTopic("orders", true);
		assertThat(this.store.topics()).isEmpty();
	}

	private void fail() {
		this.stored.completeExceptionally(new IllegalStateException("The number is not stored"));
		assertThat(this.raised).failsWithin(ofSeconds(10));
		assertThat(this.broker.partitions("orders")).isOne();
	}

	private List<String> subscriptions(String topic) {
		return this.broker.topic(topic)
			.map((stats) -> stats.subscriptions().stream().map(TopicStats.SubscriptionStats::name).toList())
			.orElse(List.of());
	}

	private static Frame.Subscribe subscribe(long id, String subscription) {
		return new Frame.Subscribe(id, "orders", subscription, SubscriptionType.SHARED, InitialPosition.EARLIEST, "raw",
				true);
	}

}
