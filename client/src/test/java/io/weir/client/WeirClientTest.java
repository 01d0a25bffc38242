package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.Broker;
import io.weir.client.internal.connection.BrokerSession;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.pool.PoolStats;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The whole client against a real broker over QUIC. */
@Timeout(60)
class WeirClientTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	private final Broker broker = Broker.builder().port(0).build();

	private WeirClient client;

	@BeforeEach
	void start() {
		this.broker.start();
		this.client = client(this.broker).build();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
		await().atMost(SOON).untilAsserted(() -> assertThat(clientThreads()).isEmpty());
	}

	static WeirClientBuilder client(Broker broker) {
		return WeirClient.builder().serviceUrl(broker.serviceUrl()).fingerprint(broker.certificateFingerprint());
	}

	private static List<String> clientThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("weir-client-"))
			.toList();
	}

	@Test
	void messageArrivesAsItWasSent() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("greetings").create();
		Instant eventTime = Instant.ofEpochMilli(1_234_567);
		MessageId id = producer.message("hello").key("k").header("h", "v").eventTime(eventTime).send();
		Consumer<String> consumer = subscribe("greetings");
		Message<String> message = consumer.receive(SOON);
		assertThat(message).isNotNull();
		assertThat(message.id()).isEqualTo(id);
		assertThat(message.value()).isEqualTo("hello");
		assertThat(message.key()).isEqualTo("k");
		assertThat(message.headers().asMap()).isEqualTo(Map.of("h", "v"));
		assertThat(message.eventTime()).isEqualTo(eventTime);
		assertThat(message.producerName()).isEqualTo(producer.name());
		assertThat(message.topic()).isEqualTo("greetings");
		assertThat(consumer.receive(Duration.ZERO)).isNull();
	}

	@ParameterizedTest
	@EnumSource(Ordering.class)
	void thousandsOfMessagesArriveOnceEachInThePromisedOrder(Ordering ordering) throws Exception {
		Producer<String> producer = this.client.producer(Schema.string())
			.topic("many")
			.ordering(ordering)
			.maxPending(8000)
			.create();
		Consumer<String> consumer = subscribe("many");
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int i = 0; i < 8000; i++) {
			sent.add(producer.message(Integer.toString(i)).key("key" + i % 7).sendAsync());
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		List<Message<String>> received = receive(consumer, 8000);
		List<Integer> values = received.stream().map((message) -> Integer.parseInt(message.value())).toList();
		assertThat(values).doesNotHaveDuplicates();
		if (ordering == Ordering.ORDERED) {
			assertThat(values).isSorted();
		}
		if (ordering == Ordering.KEY_ORDERED) {
			IntStream.range(0, 7)
				.forEach((key) -> assertThat(values.stream().filter((value) -> value % 7 == key)).isSorted());
		}
		assertThat(consumer.receive(Duration.ZERO)).isNull();
		assertThat(producer.pending()).isZero();
	}

	@Test
	void interruptedCloseLeavesNoFutureOpen() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		this.broker.close();
		CompletableFuture<MessageId> sent = producer.sendAsync("never stored");
		Thread.currentThread().interrupt();
		this.client.close();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(sent).isCompletedExceptionally();
	}

	@Test
	void acknowledgedMessagesAreNotDeliveredToTheNextConsumer() throws Exception {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		for (int i = 0; i < 10; i++) {
			producer.send("message " + i);
		}
		try (Consumer<String> first = subscribe("t")) {
			for (Message<String> message : receive(first, 10).subList(0, 5)) {
				first.acknowledge(message);
			}
		}
		try (Consumer<String> second = subscribe("t")) {
			List<Message<String>> rest = receive(second, 5);
			assertThat(rest).extracting(Message::value)
				.containsExactly("message 5", "message 6", "message 7", "message 8", "message 9");
			assertThat(rest).allMatch((message) -> message.redeliveryCount() == 1);
			second.acknowledgeAsync(rest.get(0).id()).get(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void messageGivenBackComesAgain() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		producer.send("a");
		Consumer<String> consumer = subscribe("t");
		Message<String> first = consumer.receive(SOON);
		assertThat(first).isNotNull();
		consumer.negativeAcknowledge(first);
		Message<String> again = consumer.receive(SOON);
		assertThat(again).isNotNull();
		assertThat(again.id()).isEqualTo(first.id());
		assertThat(again.redeliveryCount()).isEqualTo(1);
	}

	@Test
	void sharedSubscriptionSharesOut() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").batchMaxMessages(1).create();
		ConsumerBuilder<String> builder = this.client.consumer(Schema.string())
			.topic("t")
			.subscription("shared")
			.subscriptionType(SubscriptionType.SHARED)
			.receiverQueueSize(1)
			.initialPosition(InitialPosition.EARLIEST);
		Consumer<String> one = builder.subscribe();
		Consumer<String> other = builder.subscribe();
		for (int i = 0; i < 4; i++) {
			producer.send("message " + i);
		}
		List<Message<String>> received = new ArrayList<>();
		for (Consumer<String> consumer : List.of(one, other, one, other)) {
			received.addAll(receive(consumer, 1));
		}
		assertThat(received).extracting(Message::value)
			.containsExactlyInAnyOrder("message 0", "message 1", "message 2", "message 3");
	}

	@Test
	void sharedSubscriptionDeliversThousandsOfMessagesOnceEach() throws Exception {
		Producer<String> producer = this.client.producer(Schema.string()).topic("many").maxPending(8000).create();
		ConsumerBuilder<String> builder = this.client.consumer(Schema.string())
			.topic("many")
			.subscription("shared")
			.subscriptionType(SubscriptionType.SHARED)
			.initialPosition(InitialPosition.EARLIEST);
		Consumer<String> reading = builder.subscribe();
		Consumer<String> unread = builder.subscription("unread").subscribe();
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int i = 0; i < 8000; i++) {
			sent.add(producer.sendAsync(Integer.toString(i)));
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		assertThat(receive(reading, 8000)).extracting(Message::value).doesNotHaveDuplicates();
		assertThat(reading.receive(Duration.ZERO)).isNull();
		assertThat(receive(unread, 8000)).extracting(Message::value).doesNotHaveDuplicates();
	}

	@Test
	void takenSubscriptionIsToldToTheSubscriber() {
		subscribe("t");
		assertFails(ErrorCode.SUBSCRIPTION_BUSY, () -> subscribe("t"));
	}

	@Test
	void secondExclusiveProducerFencesTheFirst() {
		ProducerBuilder<String> builder = this.client.producer(Schema.string())
			.topic("t")
			.name("p")
			.accessMode(io.weir.message.AccessMode.EXCLUSIVE);
		Producer<String> first = builder.create();
		first.send("a");
		Producer<String> second = builder.create();
		assertFails(ErrorCode.PRODUCER_FENCED, () -> first.send("b"));
		second.send("c");
		assertThat(receive(subscribe("t"), 2)).extracting(Message::value).containsExactly("a", "c");
	}

	@Test
	void messageThatCannotBeDecodedCanBeLookedAtAndAcknowledged() throws Exception {
		this.client.producer(Schema.bytes()).topic("t").create().send(new byte[] { (byte) 0xFF });
		Consumer<String> consumer = subscribe("t");
		Message<String> message = consumer.receive(SOON);
		assertThat(message).isNotNull();
		assertThatExceptionOfType(WeirException.class).isThrownBy(message::value)
			.satisfies((failure) -> assertThat(failure.code()).isEqualTo(ErrorCode.SCHEMA));
		assertThat(message.payload()).containsExactly(0xFF);
		consumer.acknowledgeAsync(message.id()).get(10, TimeUnit.SECONDS);
	}

	@Test
	void stateAndPoolsAreVisible() throws Exception {
		this.client.connected().toCompletableFuture().get(10, TimeUnit.SECONDS);
		assertThat(this.client.state()).isEqualTo(ConnectionState.READY);
		assertThat(this.client.lastFailure()).isNull();
		this.client.producer(Schema.string()).topic("t").create();
		await().atMost(SOON).untilAsserted(() -> {
			PoolStats stats = this.client.pools().get("weir-0");
			assertThat(stats).isNotNull();
			assertThat(stats.active()).isEqualTo(1);
			assertThat(stats.size()).isGreaterThanOrEqualTo(2);
		});
		this.client.evictIdleStreams("weir-0");
		this.client.resizePool("weir-0", 4, 5);
		await().atMost(SOON).untilAsserted(() -> assertThat(this.client.pools().get("weir-0").size()).isEqualTo(4));
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> this.client.resizePool("weir-0", 4, 1024))
			.withMessage("maxSize must be from 1 to 1023, was 1024");
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> this.client.evictIdleStreams("other"))
			.withMessageContaining("weir-0");
	}

	@Test
	void severalConnectionsShareTheProducers() {
		try (WeirClient several = client(this.broker).connections(2).build()) {
			for (int i = 0; i < 4; i++) {
				several.producer(Schema.string()).topic("t").create().send("a");
			}
			assertThat(several.pools()).containsOnlyKeys("weir-0", "weir-1");
			assertThat(several.pools().values()).allMatch((stats) -> stats.active() == 2);
		}
	}

	@Test
	void eachConnectionAndItsChangesAreVisible() {
		List<ConnectionInfo> told = new CopyOnWriteArrayList<>();
		WeirClient watched = client(this.broker).connections(2).connectionListener((connection) -> {
			// Here it may block, and use the client.
			this.client.producer(Schema.string()).topic("t").create().close();
			told.add(connection);
			throw new IllegalStateException("planted");
		}).build();
		await().atMost(SOON).until(() -> states(told, "weir-1").contains(ConnectionState.READY));
		await().atMost(SOON).until(() -> states(told, "weir-0").contains(ConnectionState.READY));
		assertThat(watched.connections()).extracting(ConnectionInfo::name).containsExactly("weir-0", "weir-1");
		assertThat(watched.connections()).allSatisfy((connection) -> {
			assertThat(connection.state()).isEqualTo(ConnectionState.READY);
			assertThat(connection.address()).isEqualTo(this.broker.address());
			assertThat(connection.lastFailure()).isNull();
		});
		watched.close();
		await().atMost(SOON).untilAsserted(() -> {
			assertThat(states(told, "weir-0")).containsExactly(ConnectionState.CONNECTING, ConnectionState.READY,
					ConnectionState.CLOSED);
			assertThat(states(told, "weir-1")).containsExactly(ConnectionState.CONNECTING, ConnectionState.READY,
					ConnectionState.CLOSED);
		});
		assertThat(told).extracting(ConnectionInfo::lastFailure).containsOnlyNulls();
	}

	private static List<ConnectionState> states(List<ConnectionInfo> told, String name) {
		return told.stream().filter((info) -> info.name().equals(name)).map(ConnectionInfo::state).toList();
	}

	@Test
	void lostConnectionHarmsOnlyItsOwnProducersAndConsumers() {
		List<ConnectionInfo> told = new CopyOnWriteArrayList<>();
		try (WeirClient several = client(this.broker).connections(2).connectionListener(told::add).build()) {
			Producer<String> lost = several.producer(Schema.string()).topic("a").create();
			Producer<String> kept = several.producer(Schema.string()).topic("b").create();
			Consumer<String> lostConsumer = subscribe(several, "b");
			Consumer<String> keptConsumer = subscribe(several, "a");
			await().atMost(SOON).until(() -> several.pools().get("weir-1").creating() == 0);
			long opened = several.pools().get("weir-1").created();
			for (int i = 0; i < 5; i++) {
				breakFirstConnection(several);
				kept.send("kept " + i);
				lost.send("lost " + i);
				assertThat(receive(keptConsumer, 1)).extracting(Message::value).containsExactly("lost " + i);
				assertThat(receive(lostConsumer, 1)).extracting(Message::value).containsExactly("kept " + i);
			}
			await().atMost(SOON).until(() -> several.pools().get("weir-0").active() == 2);
			assertThat(several.pools().get("weir-1").created()).isEqualTo(opened);
			assertThat(states(told, "weir-1")).containsExactly(ConnectionState.CONNECTING, ConnectionState.READY);
			await().atMost(SOON).until(() -> states(told, "weir-0").contains(ConnectionState.BACKING_OFF));
		}
	}

	private static void breakFirstConnection(WeirClient client) {
		Connections connections = ((DefaultWeirClient) client).connectionManagers();
		await().atMost(SOON).until(() -> connections.infos().get(0).state() == ConnectionState.READY);
		BrokerSession session = connections.managers().get(0).state().session();
		assertThat(session).isNotNull();
		session.connection().close(ErrorCode.INTERNAL, "broken by the test").toCompletableFuture().join();
	}

	@Test
	void brokerThatGoesAwayIsLeftForTheOther() throws Exception {
		List<ConnectionInfo> told = new CopyOnWriteArrayList<>();
		try (Broker other = Broker.builder().port(0).build().start();
				WeirClient moving = WeirClient.builder()
					.serviceUrl(this.broker.serviceUrl() + ",127.0.0.1:" + other.address().getPort())
					.insecure()
					.connectionListener(told::add)
					.build()) {
			Producer<String> producer = moving.producer(Schema.string()).topic("t").create();
			Consumer<String> consumer = subscribe(moving, "t");
			producer.send("before");
			// Two brokers that share no messages give the same ids to different ones.
			consumer.acknowledgeAsync(receive(consumer, 1).get(0).id()).get(10, TimeUnit.SECONDS);
			this.broker.close();
			await().atMost(SOON).until(() -> other.address().equals(moving.connections().get(0).address()));
			producer.send("after");
			assertThat(receive(consumer, 1)).extracting(Message::value).containsExactly("after");
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(states(told, "weir-0")).contains(ConnectionState.DRAINING)
					.endsWith(ConnectionState.READY));
		}
	}

	@Test
	void closingTheClientEndsWhatIsOpen() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		Consumer<String> consumer = subscribe("t");
		CompletableFuture<Message<String>> waiting = consumer.receiveAsync();
		this.client.close();
		this.client.close();
		assertThat(this.client.state()).isEqualTo(ConnectionState.CLOSED);
		assertThat(waiting).isCompletedExceptionally();
		assertFails(ErrorCode.CLOSED, () -> producer.send("a"));
		assertFails(ErrorCode.CLOSED, consumer::receive);
		assertFails(ErrorCode.CLOSED, () -> this.client.producer(Schema.string()).topic("t").create());
	}

	@Test
	void interruptedSenderAndReceiverKeepTheirFlag() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		Consumer<String> consumer = subscribe("t");
		Thread.currentThread().interrupt();
		assertFails(ErrorCode.INTERRUPTED, () -> producer.send("a"));
		assertThat(Thread.interrupted()).isTrue();
		Thread.currentThread().interrupt();
		assertFails(ErrorCode.INTERRUPTED, consumer::receive);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void untrustedCertificateIsToldAtOnce() {
		try (WeirClient suspicious = WeirClient.builder().serviceUrl(this.broker.serviceUrl()).build()) {
			await().atMost(SOON).until(() -> suspicious.lastFailure() != null);
			assertThat(suspicious.lastFailure()).extracting(WeirException::code)
				.isEqualTo(ErrorCode.UNTRUSTED_CERTIFICATE);
			assertFails(ErrorCode.UNTRUSTED_CERTIFICATE,
					() -> suspicious.producer(Schema.string()).topic("t").sendTimeout(Duration.ofMillis(200)).create());
		}
	}

	private Consumer<String> subscribe(String topic) {
		return subscribe(this.client, topic);
	}

	private static Consumer<String> subscribe(WeirClient client, String topic) {
		return client.consumer(Schema.string())
			.topic(topic)
			.subscription("subscription")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

	static <T> List<Message<T>> receive(Consumer<T> consumer, int count) {
		List<Message<T>> messages = new ArrayList<>();
		while (messages.size() < count) {
			Message<T> message = consumer.receive(SOON);
			assertThat(message).as("message %d of %d", messages.size(), count).isNotNull();
			messages.add(message);
		}
		return messages;
	}

	private static void assertFails(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		assertThatExceptionOfType(WeirException.class).isThrownBy(call).extracting(WeirException::code).isEqualTo(code);
	}

}
