package io.weir.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.broker.Broker;
import io.weir.fixtures.NetworkConditions;
import io.weir.fixtures.UdpRelay;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Each cell of the table of orders in docs/guarantees.md, over a network that loses and
 * reorders, since on a perfect one messages come in order though nobody keeps it.
 */
@Timeout(60)
class OrderTest {

	private static final Duration SOON = Duration.ofSeconds(40);

	private static final int COUNT = 2000;

	/** One in so many messages has no key. */
	private static final int KEYS = 8;

	private static final long SEED = 7;

	private static Broker broker;

	private static UdpRelay relay;

	private final List<Message<Integer>> received = Collections.synchronizedList(new ArrayList<>());

	private WeirClient client;

	@BeforeAll
	static void startBroker() {
		broker = Broker.builder().port(0).build().start();
		relay = UdpRelay.to(new InetSocketAddress("127.0.0.1", broker.address().getPort()))
			.seed(SEED)
			.conditions(NetworkConditions.PERFECT.withLoss(0.02)
				.withReorder(0.05)
				.withDelay(Duration.ofMillis(1))
				.withJitter(Duration.ofMillis(2)))
			.start();
	}

	@AfterAll
	static void stopBroker() {
		relay.close();
		broker.close();
	}

	@BeforeEach
	void connect() {
		this.client = WeirClient.builder()
			.serviceUrl("weir://127.0.0.1:" + relay.address().getPort())
			.insecure()
			.connections(2)
			.build();
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	static Stream<Arguments> cells() {
		return Stream.of(Ordering.values())
			.flatMap((ordering) -> Stream.of(SubscriptionType.values())
				.map((subscription) -> arguments(ordering, subscription)));
	}

	@ParameterizedTest(name = "{0} on {1}")
	@MethodSource("cells")
	void eachCellKeepsItsPromise(Ordering ordering, SubscriptionType subscription) {
		String topic = ordering + "." + subscription;
		subscribe(topic, subscription);
		if (subscription != SubscriptionType.EXCLUSIVE) {
			subscribe(topic, subscription);
		}
		send(topic, ordering);
		await("all messages").atMost(SOON).untilAsserted(() -> assertThat(numbers(received())).hasSize(COUNT));
		switch (subscription) {
			case EXCLUSIVE, FAILOVER -> {
				switch (ordering) {
					case ORDERED -> assertThat(numbers(received())).isSorted();
					case KEY_ORDERED ->
						assertThat(byKey()).allSatisfy((key, ofKey) -> assertThat(numbers(ofKey)).isSorted());
					case UNORDERED -> assertThat(ids(received())).isSorted();
				}
			}
			case KEY_SHARED -> {
				switch (ordering) {
					case ORDERED, KEY_ORDERED ->
						assertThat(byKey()).allSatisfy((key, ofKey) -> assertThat(numbers(ofKey)).isSorted());
					case UNORDERED -> assertThat(byKey()).allSatisfy((key, ofKey) -> assertThat(ids(ofKey)).isSorted());
				}
			}
			case SHARED -> {
				// No order is promised, and nothing but that all come.
			}
		}
	}

	/** What comes to any consumer is written down before it is acknowledged. */
	private void subscribe(String topic, SubscriptionType subscription) {
		this.client.consumer(Schema.json(Integer.class))
			.topic(topic)
			.subscription("s")
			.subscriptionType(subscription)
			.initialPosition(InitialPosition.EARLIEST)
			.receiverQueueSize(100)
			.messageListener((consumer, message) -> {
				this.received.add(message);
				consumer.acknowledge(message);
			})
			.subscribe();
	}

	private void send(String topic, Ordering ordering) {
		Producer<Integer> producer = this.client.producer(Schema.json(Integer.class))
			.topic(topic)
			.ordering(ordering)
			.lanes(3)
			.streamGrowthThreshold(20)
			.batchMaxMessages(5)
			.maxPending(COUNT)
			.create();
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int i = 0; i < COUNT; i++) {
			MessageBuilder<Integer> message = producer.message(i);
			sent.add(((i % KEYS > 0) ? message.key("key" + i % KEYS) : message).sendAsync());
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).orTimeout(40, TimeUnit.SECONDS).join();
	}

	private List<Message<Integer>> received() {
		synchronized (this.received) {
			return List.copyOf(this.received);
		}
	}

	/** The messages without a key are as those of one key. */
	private Map<String, List<Message<Integer>>> byKey() {
		Map<String, List<Message<Integer>>> byKey = new LinkedHashMap<>();
		received().forEach((message) -> byKey
			.computeIfAbsent((message.key() != null) ? message.key() : "none", (key) -> new ArrayList<>())
			.add(message));
		assertThat(byKey).hasSize(KEYS);
		return byKey;
	}

	/** Each once, as another delivery of the same may come late. */
	private static List<Integer> numbers(List<Message<Integer>> messages) {
		return messages.stream().map(Message::value).distinct().toList();
	}

	private static List<MessageId> ids(List<Message<Integer>> messages) {
		return messages.stream().map(Message::id).distinct().toList();
	}

}
