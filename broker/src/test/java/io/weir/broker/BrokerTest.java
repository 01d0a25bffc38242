package io.weir.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.RawClient.Received;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The broker over real QUIC, spoken to frame by frame. */
class BrokerTest extends BrokerFixture {

	@Test
	void messagesMustTravelFromProducerToConsumer() {
		RawClient client = connect(start());
		assertThat(client.openProducer(1, "orders", "p", -1).lastSequence()).isEqualTo(-1);
		assertThat(client.publish(1, 0, "a", "b").duplicate()).isFalse();
		client.subscribe(1, "orders", "s", 10);
		client.publish(1, 2, "c");
		assertThat(client.receive(3)).containsExactly("a", "b", "c");
	}

	@Test
	void everythingMustBeThereAfterARestart(@TempDir Path data) {
		Broker broker = start(data);
		RawClient client = connect(broker);
		long epoch = client.openProducer(1, "orders", "p", -1).epoch();
		client.publish(1, 0, "a", "b");
		client.publish(1, 2, "c");
		client.subscribe(1, "orders", "s", 10);
		Received a = client.receive();
		assertThat(client.receive(2)).containsExactly("b", "c");
		client.acknowledge(1, a.id());
		String fingerprint = broker.certificateFingerprint();
		broker.close();
		assertThat(broker.isRunning()).isFalse();
		broker.start();

		assertThat(broker.certificateFingerprint()).isEqualTo(fingerprint);
		RawClient again = connect(broker);
		assertThat(again.openProducer(1, "orders", "p", epoch).lastSequence()).isEqualTo(2);
		assertThat(again.publish(1, 0, "a", "b").duplicate()).isTrue();
		again.publish(1, 3, "d");
		again.subscribe(1, "orders", "s", 10);
		assertThat(again.receive(3)).containsExactly("b", "c", "d");
	}

	@Test
	void clientsMustBeToldWhenTheBrokerGoesAway() {
		Broker broker = start();
		RawClient client = connect(broker);
		broker.close();
		assertThat(client.pushed()).isInstanceOfSatisfying(Frame.GoAway.class,
				(goAway) -> assertThat(goAway.code()).isEqualTo(ErrorCode.GOING_AWAY));
		assertThat(client.connection().closed().toCompletableFuture().orTimeout(10, SECONDS).join().code())
			.isEqualTo(ErrorCode.GOING_AWAY);
	}

	@Test
	void whatWasAcceptedMustBeAnsweredWhenTheBrokerGoesAway(@TempDir Path data) {
		Broker broker = start(data);
		RawClient client = connect(broker);
		client.openProducer(1, "orders", "p", -1);
		List<CompletableFuture<Frame>> sent = IntStream.range(0, 200)
			.mapToObj((i) -> client.stream().request(new Frame.Publish(1, i, 1, RawClient.batch("m" + i))))
			.toList();
		sent.get(0).join();
		broker.close();
		client.connection().closed().toCompletableFuture().orTimeout(10, SECONDS).join();
		await().until(() -> sent.stream().allMatch(CompletableFuture::isDone));
		long confirmed = sent.stream().filter((each) -> !each.isCompletedExceptionally()).count();
		broker.start();
		long stored = connect(broker).openProducer(1, "orders", "p", 0).lastSequence() + 1;
		assertThat(stored).isEqualTo(confirmed);
	}

	@Test
	void everyStreamMustAnswerPings() {
		RawClient client = connect(start());
		RequestStream other = client.openStream();
		client.control().ping(Duration.ofSeconds(10)).join();
		other.ping(Duration.ofSeconds(10)).join();
	}

	@Test
	void nameLessProducerMustBeGivenAName() {
		RawClient client = connect(start());
		assertThat(client.openProducer(1, "t", null, -1).name()).isNotBlank()
			.isNotEqualTo(client.openProducer(2, "t", null, -1).name());
	}

	@Test
	void moreThanTheCreditMustBeTakenInTheEnd(@TempDir Path data) {
		RawClient client = connect(start(data));
		client.openProducer(1, "t", "p", -1);
		String large = "x".repeat(1024 * 1024);
		List<CompletableFuture<Frame>> sent = IntStream.range(0, 40)
			.mapToObj((i) -> client.stream().request(new Frame.Publish(1, i, 1, RawClient.batch(large))))
			.toList();
		assertThat(sent)
			.allSatisfy((each) -> assertThat(each.orTimeout(30, SECONDS).join()).isInstanceOf(Frame.Receipt.class));
	}

	@Test
	void clientThatDoesNotReadMustHoldBackOnlyItself(@TempDir Path data) {
		Broker broker = start(data);
		RawClient producer = connect(broker);
		producer.openProducer(1, "t", "p", -1);
		int messages = 48;
		String large = "x".repeat(512 * 1024);
		IntStream.range(0, messages).forEach((i) -> producer.publish(1, i, large));
		RawClient slow = connect(broker);
		slow.stream().stream().setReading(false);
		slow.stream().request(subscribe("slow"));
		slow.stream().send(new Frame.Flow(1, 1000));
		RawClient quick = connect(broker);
		quick.subscribe(1, "t", "quick", 1000);
		quick.receive(messages);
		assertThat(inFlight(broker, "quick")).isEqualTo(messages);
		assertThat(inFlight(broker, "slow")).as("delivered into the windows of QUIC and the broker")
			.isLessThan(messages / 2);
		slow.stream().stream().setReading(true);
		slow.receive(messages);
	}

	@Test
	void figuresMustTellWhatGoesOn() {
		Broker broker = start();
		RawClient client = connect(broker);
		client.openProducer(1, "t", "p", -1);
		client.publish(1, 0, "a", "b");
		client.subscribe(1, "t", "s", 10);
		Received a = client.receive();
		client.receive();
		client.acknowledge(1, a.id());
		assertThat(broker.stats()).satisfies((stats) -> {
			assertThat(stats.connections()).isOne();
			assertThat(stats.messagesIn()).isEqualTo(2);
			assertThat(stats.messagesOut()).isEqualTo(2);
			assertThat(stats.backlog()).isOne();
			assertThat(stats.bytesIn()).isPositive().isEqualTo(stats.bytesOut());
		});
		assertThat(broker.topics()).singleElement().satisfies((topic) -> {
			assertThat(topic.producers()).containsExactly(new TopicStats.ProducerStats("p", 0, 1));
			assertThat(topic.subscriptions().get(0).inFlight()).isOne();
			assertThat(topic.subscriptions().get(0).oldestUnacknowledged()).isNotNull();
			assertThat(topic.subscriptions().get(0).consumers())
				.containsExactly(new TopicStats.ConsumerStats("raw", 8, 1));
		});
	}

	@Test
	void figuresOfStoredTopicsMustBeThereAfterARestart(@TempDir Path data) {
		Broker first = start(data);
		RawClient client = connect(first);
		client.subscribe(1, "t", "s", 1);
		client.openProducer(1, "t", "p", -1);
		client.publish(1, 0, "a", "b");
		first.close();
		Broker second = start(data);
		await().atMost(10, SECONDS)
			.untilAsserted(() -> assertThat(second.topics()).singleElement()
				.satisfies((topic) -> assertThat(topic.subscriptions()).singleElement().satisfies((subscription) -> {
					assertThat(subscription.name()).isEqualTo("s");
					assertThat(subscription.backlog()).isEqualTo(2);
				})));
		assertThat(second.stats().backlog()).isEqualTo(2);
	}

	private static Frame subscribe(String subscription) {
		return new Frame.Subscribe(1, "t", subscription, SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "raw",
				true);
	}

	private static long inFlight(Broker broker, String subscription) {
		return broker.topics()
			.get(0)
			.subscriptions()
			.stream()
			.filter((each) -> each.name().equals(subscription))
			.findFirst()
			.orElseThrow()
			.inFlight();
	}

}
