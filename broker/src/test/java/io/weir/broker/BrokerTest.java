package io.weir.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.RawClient.Received;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The broker over real QUIC, spoken to frame by frame. */
class BrokerTest {

	private final List<AutoCloseable> opened = new ArrayList<>();

	/** Outlives a broker. */
	private final MemoryStorageEngine store = new MemoryStorageEngine();

	@AfterEach
	void closeAll() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
		this.store.close();
	}

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
		await().ignoreExceptionsMatching(BrokerTest::isBusy).until(() -> {
			second.subscribe(1, "orders", "s", 10);
			return true;
		});
		Received again = second.receive();
		assertThat(again.text()).isEqualTo("b");
		assertThat(again.redeliveryCount()).isOne();
		assertThat(second.hasReceivedMore()).isFalse();
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
	void publishBeforeConnectMustBeRefused() {
		RawClient client = closing(new RawClient(start()));
		client.stream().request(new Frame.Publish(1, 0, 1, RawClient.batch("a")));
		assertEnded(client, ErrorCode.PROTOCOL_VIOLATION, "Publish came before CONNECT");
	}

	@Test
	void secondConnectMustEndTheConnection() {
		RawClient client = connect(start());
		client.control().request(new Frame.Connect("again", null));
		assertEnded(client, ErrorCode.PROTOCOL_VIOLATION, "CONNECT came twice");
	}

	@Test
	void frameThatOnlyTheBrokerSaysMustEndTheConnection() {
		RawClient client = connect(start());
		client.stream().request(new Frame.Ok());
		assertEnded(client, ErrorCode.PROTOCOL_VIOLATION, "Ok is for the broker to say");
	}

	@Test
	void garbageMustHarmOnlyItsConnection() {
		Broker broker = start();
		RawClient good = connect(broker);
		good.openProducer(1, "orders", "p", -1);
		RawClient bad = connect(broker);
		bad.openProducer(1, "orders", "q", -1);
		bad.stream().request(new Frame.Publish(1, 0, 3, Unpooled.wrappedBuffer(new byte[] { 1, 2, 3, 4, 5, 6, 7 })));
		await().until(() -> !bad.connection().isOpen() || !bad.stream().isOpen());
		assertThat(good.publish(1, 0, "a").duplicate()).isFalse();
		good.subscribe(1, "orders", "s", 10);
		assertThat(good.receive(1)).containsExactly("a");
	}

	@Test
	void everyStreamMustAnswerPings() {
		RawClient client = connect(start());
		RequestStream other = client.openStream();
		client.control().ping(Duration.ofSeconds(10)).join();
		other.ping(Duration.ofSeconds(10)).join();
	}

	@Test
	void namesThatAreNotAllowedMustBeRefusedClearly() {
		RawClient client = connect(start());
		assertRefused(client, new Frame.OpenProducer(1, "my topic", null, -1, AccessMode.SHARED),
				ErrorCode.INVALID_REQUEST, "Topic name 'my topic' is not allowed: 1 to 255 characters");
		assertRefused(client,
				new Frame.Subscribe(1, "t", " ", SubscriptionType.SHARED, InitialPosition.LATEST, "raw", true),
				ErrorCode.INVALID_REQUEST, "Subscription name ' ' is not allowed");
		assertRefused(client, new Frame.Publish(7, 0, 1, RawClient.batch("a")), ErrorCode.UNKNOWN_PRODUCER, "7");
		assertRefused(client, new Frame.Acknowledge(7, List.of(new Position(0, 0).message(0))),
				ErrorCode.UNKNOWN_CONSUMER, "7");
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
		assertThat(first.stream().map(BrokerTest::key).distinct())
			.doesNotContainAnyElementsOf(second.stream().map(BrokerTest::key).toList());
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
	void epochThatLeavesNoNextOneMustBeRefused() {
		RawClient client = connect(start());
		assertRefused(client, new Frame.OpenProducer(1, "t", "p", (1L << 62) - 2, AccessMode.SHARED),
				ErrorCode.INVALID_REQUEST, "A producer's epoch is at most");
		assertThat(client.openProducer(2, "t", "p", -1).epoch()).isZero();
	}

	@Test
	void nameLessProducerMustBeGivenAName() {
		RawClient client = connect(start());
		assertThat(client.openProducer(1, "t", null, -1).name()).isNotBlank()
			.isNotEqualTo(client.openProducer(2, "t", null, -1).name());
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

	private static String key(String text) {
		return text.substring(0, text.indexOf(','));
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

	private Broker start() {
		return closing(Broker.builder().port(0).build().start());
	}

	private Broker start(Path data) {
		return closing(Broker.builder().port(0).dataDirectory(data).storage(this.store).build().start());
	}

	private RawClient connect(Broker broker) {
		return closing(RawClient.connect(broker));
	}

	private <T extends AutoCloseable> T closing(T part) {
		this.opened.add(part);
		return part;
	}

	private static void assertRefused(RawClient client, Frame request, ErrorCode code, String words) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> client.ask(request))
			.withMessageContaining(words)
			.satisfies((failure) -> assertThat(failure.code()).isEqualTo(code));
	}

	private static void assertEnded(RawClient client, ErrorCode code, String words) {
		ProtocolException reason = client.connection().closed().toCompletableFuture().orTimeout(10, SECONDS).join();
		assertThat(reason.code()).isEqualTo(code);
		assertThat(reason).hasMessageContaining(words);
	}

	private static boolean isBusy(Throwable failure) {
		return failure instanceof ProtocolException refused && refused.code() == ErrorCode.SUBSCRIPTION_BUSY;
	}

}
