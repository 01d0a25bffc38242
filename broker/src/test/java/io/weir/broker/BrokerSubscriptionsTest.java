package io.weir.broker;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.RawClient.Received;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Subscriptions over real QUIC, spoken to frame by frame. */
class BrokerSubscriptionsTest extends BrokerFixture {

	@Test
	void unacknowledgedMessagesMustComeAgainWhenTheConnectionEnds() {
		Broker broker = start();
		RawClient producer = connect(broker);
		producer.openProducer(1, "orders", "p", -1);
		producer.publish(1, 0, "a");
		producer.publish(1, 1, "b");
		RawClient first = connect(broker);
		first.subscribe(1, "orders", "s", 10);
		Received a = first.receive();
		assertThat(first.receive().text()).isEqualTo("b");
		first.acknowledge(1, a.id());
		first.connection().close(ErrorCode.NONE, "crashed");
		RawClient second = connect(broker);
		await().ignoreExceptionsMatching(BrokerSubscriptionsTest::isBusy).until(() -> {
			second.subscribe(1, "orders", "s", 10);
			return true;
		});
		Received again = second.receive();
		assertThat(again.text()).isEqualTo("b");
		assertThat(again.redeliveryCount()).isOne();
		assertThat(second.hasReceivedMore()).isFalse();
	}

	@Test
	void messagesUpToOneMustBeAcknowledgedTogether() {
		Broker broker = start();
		RawClient client = connect(broker);
		client.openProducer(1, "t", "p", -1);
		client.publish(1, 0, "a", "b", "c");
		client.subscribe(1, "t", "s", 10);
		client.receive();
		Received b = client.receive();
		client.receive();
		client.ask(new Frame.AcknowledgeUpTo(1, b.id()));
		client.ask(new Frame.CloseConsumer(1));
		assertThat(broker.topics().get(0).subscriptions().get(0).backlog()).isOne();
		client.subscribe(2, "t", "s", 10);
		assertThat(client.receive(1)).containsExactly("c");
		assertRefused(client, new Frame.AcknowledgeUpTo(1, b.id()), ErrorCode.UNKNOWN_CONSUMER, "1");
	}

	@Test
	void nextConsumerMustTakeOverWhenTheActiveOneIsGone() {
		Broker broker = start();
		RawClient active = connect(broker);
		active.openProducer(1, "t", "p", -1);
		RawClient standby = connect(broker);
		active.subscribe(1, "t", "s", SubscriptionType.FAILOVER, 10);
		standby.subscribe(1, "t", "s", SubscriptionType.FAILOVER, 10);
		active.publish(1, 0, "a", "b");
		active.publish(1, 2, "c");
		Received a = active.receive();
		assertThat(active.receive(2)).containsExactly("b", "c");
		active.acknowledge(1, a.id());
		assertThat(standby.hasReceivedMore()).isFalse();
		active.connection().close(ErrorCode.NONE, "crashed");
		assertThat(standby.receive(2)).containsExactly("b", "c");
	}

	@Test
	void subscriptionThatIsNotDurableMustEndWithItsSession(@TempDir Path data) {
		Broker broker = start(data);
		RawClient client = connect(broker);
		client.openProducer(1, "t", "p", -1);
		client.publish(1, 0, "a");
		RawClient reader = connect(broker);
		Frame read = new Frame.Subscribe(1, "t", "r", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "raw",
				false);
		reader.ask(read);
		reader.stream().send(new Frame.Flow(1, 10));
		reader.acknowledge(1, reader.receive().id());
		Frame other = new Frame.Subscribe(1, "t", "r", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "raw",
				false);
		assertRefused(client, other, ErrorCode.SUBSCRIPTION_BUSY, "'r' is not durable");
		assertThat(broker.topics().get(0).subscriptions()).singleElement()
			.satisfies((subscription) -> assertThat(subscription.durable()).isFalse());
		reader.connection().close(ErrorCode.NONE, "crashed");
		await().until(() -> broker.topics().get(0).subscriptions().isEmpty());
		client.ask(other);
		client.stream().send(new Frame.Flow(1, 10));
		assertThat(client.receive(1)).containsExactly("a");
		client.publish(1, 1, "b");
		assertThat(broker.stats().backlog()).as("what the log is kept for").isZero();
		broker.close();
		broker.start();
		await().until(() -> !broker.topics().isEmpty());
		assertThat(broker.topics().get(0).subscriptions()).isEmpty();
	}

	@Test
	void subscriptionMustMoveBehindAFullBatch(@TempDir Path data) {
		Broker broker = start(data);
		RawClient client = connect(broker);
		client.openProducer(1, "t", "p", -1);
		Frame.Receipt full = client.publish(1, 0,
				Collections.nCopies(Limits.MAX_BATCH_MESSAGES, "x").toArray(String[]::new));
		client.publish(1, Limits.MAX_BATCH_MESSAGES, "next");
		client.subscribe(1, "t", "s", SubscriptionType.EXCLUSIVE, 1);
		client.ask(new Frame.SeekId(1, full.position().message(Limits.MAX_BATCH_MESSAGES)));
		broker.close();
		RawClient again = connect(start(data));
		again.subscribe(1, "t", "s", SubscriptionType.EXCLUSIVE, 10);
		assertThat(again.receive(1)).containsExactly("next");
	}

	@Test
	void subscriptionMustMoveToAMessageAndToATime(@TempDir Path data) {
		RawClient client = connect(start(data));
		client.openProducer(1, "t", "p", -1);
		client.publish(1, 0, "a", "b");
		client.publish(1, 2, "c");
		client.subscribe(1, "t", "s", SubscriptionType.SHARED, 10);
		Received b = Stream.of(client.receive(), client.receive(), client.receive())
			.filter((message) -> message.text().equals("b"))
			.findFirst()
			.orElseThrow();
		assertRefused(client, new Frame.AcknowledgeUpTo(1, b.id()), ErrorCode.INVALID_REQUEST, "of type SHARED");
		client.acknowledge(1, b.id());
		RequestStream other = client.openStream();
		client.ask(other,
				new Frame.Subscribe(2, "t", "s", SubscriptionType.SHARED, InitialPosition.LATEST, "other", true));
		client.ask(new Frame.SeekId(1, b.id()));
		assertThat(client.pushed()).isInstanceOfSatisfying(Frame.ConsumerClosed.class, (closed) -> {
			assertThat(closed.consumerId()).isEqualTo(2);
			assertThat(closed.code()).isEqualTo(ErrorCode.SUBSCRIPTION_MOVED);
		});
		client.stream().send(new Frame.Flow(1, 10));
		assertThat(client.receive(2)).containsExactlyInAnyOrder("b", "c");
		client.ask(new Frame.SeekTime(1, Long.MAX_VALUE));
		client.stream().send(new Frame.Flow(1, 10));
		client.publish(1, 3, "d");
		assertThat(client.receive(1)).containsExactly("d");
		client.ask(new Frame.SeekTime(1, 0));
		client.stream().send(new Frame.Flow(1, 10));
		assertThat(client.receive(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
	}

	@Test
	void messagesOfOneKeyMustGoToOneConsumerAtATime() {
		Broker broker = start();
		RawClient one = connect(broker);
		RawClient other = connect(broker);
		one.subscribe(1, "t", "s", SubscriptionType.KEY_SHARED, 1000);
		other.subscribe(1, "t", "s", SubscriptionType.KEY_SHARED, 1000);
		one.openProducer(1, "t", "p", -1);
		for (int i = 0; i < 20; i++) {
			one.publishKeyed(1, 16L * i, 16);
		}
		await().until(() -> one.receivedSoFar() + other.receivedSoFar() == 320);
		List<String> first = one.receive(one.receivedSoFar());
		List<String> second = other.receive(other.receivedSoFar());
		assertThat(first).isNotEmpty().doesNotContainAnyElementsOf(second);
		assertThat(first.stream().map(BrokerSubscriptionsTest::key).distinct())
			.doesNotContainAnyElementsOf(second.stream().map(BrokerSubscriptionsTest::key).toList());
		List<String> all = Stream.concat(first.stream(), second.stream()).toList();
		IntStream.range(0, 16)
			.mapToObj((i) -> "key " + i)
			.forEach((key) -> assertThat(all.stream().filter((text) -> key(text).equals(key)))
				.containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((i) -> key + ", round " + i).toList()));
	}

	@Test
	void removedSubscriptionMustBeginAnew(@TempDir Path data) {
		Broker broker = start(data);
		RawClient client = connect(broker);
		client.openProducer(1, "t", "p", -1);
		client.publish(1, 0, "a");
		client.subscribe(1, "t", "s", 10);
		client.acknowledge(1, client.receive().id());
		client.ask(new Frame.Unsubscribe(1));
		assertThat(broker.topics().get(0).subscriptions()).isEmpty();
		assertRefused(client, new Frame.Unsubscribe(1), ErrorCode.UNKNOWN_CONSUMER, "1");
		client.openProducer(2, "other", "p", -1);
		client.publish(2, 0, "b");
		client.subscribe(1, "other", "s", 10);
		assertThat(client.receive(1)).as("the consumer's id is free").containsExactly("b");
		client.subscribe(2, "t", "s", 10);
		assertThat(client.receive(1)).containsExactly("a");
	}

	@Test
	void consumersOfAStreamMustEndWithIt() {
		Broker broker = start();
		RawClient client = connect(broker);
		RequestStream other = client.openStream();
		client.ask(other,
				new Frame.Subscribe(1, "t", "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "c", true));
		assertThat(broker.topics().get(0).subscriptions().get(0).consumers()).hasSize(1);
		other.close();
		await().until(() -> broker.topics().get(0).subscriptions().get(0).consumers().isEmpty());
		assertThat(client.connection().isOpen()).isTrue();
	}

	private static String key(String text) {
		return text.substring(0, text.indexOf(','));
	}

	private static boolean isBusy(Throwable failure) {
		return failure instanceof ProtocolException refused && refused.code() == ErrorCode.SUBSCRIPTION_BUSY;
	}

}
