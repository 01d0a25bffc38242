package io.weir.client;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.Broker;
import io.weir.fixtures.ServerPorts;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The broker stops and comes back under load; nothing is lost and nothing comes twice.
 */
@Timeout(120)
class BrokerRestartTest {

	/** The common pool may have one thread only, too few for those who block. */
	private static final Executor THREADS = (task) -> new Thread(task).start();

	private static final int MESSAGES = 6000;

	private static final Duration SOON = Duration.ofSeconds(30);

	@TempDir
	private Path data;

	@ParameterizedTest
	@EnumSource(Ordering.class)
	void restartsUnderLoadLoseNothingAndRepeatNothing(Ordering ordering) throws Exception {
		Broker broker = broker(ServerPorts.free());
		int port = broker.address().getPort();
		try (WeirClient client = client(broker)) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").ordering(ordering).create();
			Consumer<String> consumer = subscribe(client);
			AtomicInteger stored = new AtomicInteger();
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(producer, stored), THREADS);
			CompletableFuture<List<String>> receiving = CompletableFuture.supplyAsync(() -> receiveAll(consumer),
					THREADS);
			for (int restarts = 1; restarts <= 3; restarts++) {
				int target = restarts * MESSAGES / 5;
				await().atMost(SOON).until(() -> stored.get() >= target);
				broker.close();
				broker = broker(port);
			}
			sending.get(60, TimeUnit.SECONDS);
			List<String> received = receiving.get(60, TimeUnit.SECONDS);
			assertThat(received).doesNotHaveDuplicates().hasSize(MESSAGES);
			assertOrder(ordering, received.stream().map(Integer::valueOf).toList());
			assertThat(consumer.receive(Duration.ofMillis(100))).isNull();
		}
		finally {
			broker.close();
		}
	}

	@ParameterizedTest
	@EnumSource(Ordering.class)
	void brokerThatComesBackAtAnotherAddressLosesNothingAndRepeatsNothing(Ordering ordering) throws Exception {
		Broker broker = broker(ServerPorts.free());
		int[] ports = { broker.address().getPort(), ServerPorts.free() };
		try (WeirClient client = WeirClient.builder()
			.serviceUrl("weir://127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1])
			.insecure()
			.connectTimeout(Duration.ofMillis(500))
			.build()) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").ordering(ordering).create();
			Consumer<String> consumer = subscribe(client);
			AtomicInteger stored = new AtomicInteger();
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(producer, stored), THREADS);
			CompletableFuture<List<String>> receiving = CompletableFuture.supplyAsync(() -> receiveAll(consumer),
					THREADS);
			for (int moves = 1; moves <= 3; moves++) {
				int target = moves * MESSAGES / 5;
				await().atMost(SOON).until(() -> stored.get() >= target);
				broker.close();
				broker = broker(ports[moves % 2]);
			}
			sending.get(60, TimeUnit.SECONDS);
			List<String> received = receiving.get(60, TimeUnit.SECONDS);
			assertThat(received).doesNotHaveDuplicates().hasSize(MESSAGES);
			assertOrder(ordering, received.stream().map(Integer::valueOf).toList());
			assertThat(consumer.receive(Duration.ofMillis(100))).isNull();
			// All may have been done before the last move.
			SocketAddress last = broker.address();
			await().atMost(SOON).untilAsserted(() -> assertThat(client.connections().get(0).address()).isEqualTo(last));
		}
		finally {
			broker.close();
		}
	}

	@Test
	void brokerThatIsKilledLosesNothingAndRepeatsNothing() throws Exception {
		BrokerProcess broker = BrokerProcess.start(this.data, ServerPorts.free());
		int port = broker.port();
		try (WeirClient client = WeirClient.builder()
			.serviceUrl(broker.serviceUrl())
			.insecure()
			.heartbeatInterval(Duration.ofSeconds(1))
			.build()) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").create();
			Consumer<String> consumer = subscribe(client);
			AtomicInteger stored = new AtomicInteger();
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(producer, stored), THREADS);
			CompletableFuture<List<String>> receiving = CompletableFuture.supplyAsync(() -> receiveAll(consumer),
					THREADS);
			await().atMost(SOON).until(() -> stored.get() >= MESSAGES / 3);
			broker.close();
			broker = BrokerProcess.start(this.data, port);
			sending.get(60, TimeUnit.SECONDS);
			List<String> received = receiving.get(60, TimeUnit.SECONDS);
			assertThat(received).hasSize(MESSAGES);
			assertOrder(Ordering.ORDERED, received.stream().map(Integer::valueOf).toList());
		}
		finally {
			broker.close();
		}
	}

	@Test
	void sharedSubscriptionLosesNothingAndRepeatsNothingAcrossRestarts() throws Exception {
		Broker broker = broker(ServerPorts.free());
		int port = broker.address().getPort();
		try (WeirClient client = client(broker)) {
			Producer<String> producer = client.producer(Schema.string())
				.topic("t")
				.ordering(Ordering.UNORDERED)
				.create();
			Consumer<String> consumer = client.consumer(Schema.string())
				.topic("t")
				.subscription("shared")
				.subscriptionType(SubscriptionType.SHARED)
				.initialPosition(InitialPosition.EARLIEST)
				.subscribe();
			AtomicInteger stored = new AtomicInteger();
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(producer, stored), THREADS);
			CompletableFuture<List<String>> receiving = CompletableFuture.supplyAsync(() -> receiveAll(consumer),
					THREADS);
			for (int restarts = 1; restarts <= 2; restarts++) {
				int target = restarts * MESSAGES / 3;
				await().atMost(SOON).until(() -> stored.get() >= target);
				broker.close();
				broker = broker(port);
			}
			sending.get(60, TimeUnit.SECONDS);
			assertThat(receiving.get(60, TimeUnit.SECONDS)).doesNotHaveDuplicates().hasSize(MESSAGES);
			assertThat(consumer.receive(Duration.ofMillis(100))).isNull();
		}
		finally {
			broker.close();
		}
	}

	private static void sendAll(Producer<String> producer, AtomicInteger stored) {
		Semaphore room = new Semaphore(500);
		for (int i = 0; i < MESSAGES; i++) {
			room.acquireUninterruptibly();
			producer.message(Integer.toString(i)).key("key" + i % 5).sendAsync().thenRun(() -> {
				stored.incrementAndGet();
				room.release();
			});
		}
		producer.flush();
		await().untilAsserted(() -> assertThat(stored).hasValue(MESSAGES));
	}

	private static List<String> receiveAll(Consumer<String> consumer) {
		List<String> received = new ArrayList<>();
		Set<MessageId> seen = new HashSet<>();
		while (received.size() < MESSAGES) {
			Message<String> message = consumer.receive(SOON);
			assertThat(message).as("message %d", received.size()).isNotNull();
			assertThat(seen.add(message.id())).as("%s is new", message).isTrue();
			received.add(message.value());
			consumer.acknowledge(message);
		}
		return received;
	}

	private static void assertOrder(Ordering ordering, List<Integer> values) {
		switch (ordering) {
			case ORDERED -> assertThat(values).isSorted();
			case KEY_ORDERED -> {
				for (int key = 0; key < 5; key++) {
					int lane = key;
					assertThat(values.stream().filter((value) -> value % 5 == lane)).isSorted();
				}
			}
			case UNORDERED -> assertThat(values).hasSize(MESSAGES);
		}
	}

	@Test
	void whatWasAcknowledgedBeforeARestartDoesNotComeAgain() throws Exception {
		Broker broker = broker(ServerPorts.free());
		int port = broker.address().getPort();
		try (WeirClient client = client(broker)) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").create();
			Consumer<String> consumer = subscribe(client);
			producer.send("acknowledged");
			producer.send("in hand");
			List<Message<String>> held = ClientFixture.receive(consumer, 2);
			consumer.acknowledgeAsync(held.get(0).id()).get(10, TimeUnit.SECONDS);
			broker.close();
			await().atMost(SOON).until(() -> client.state() != ConnectionState.READY);
			assertThat(client.lastFailure()).isNotNull();
			CompletableFuture<MessageId> sent = producer.sendAsync("after");
			broker = broker(port);
			sent.get(30, TimeUnit.SECONDS);
			Message<String> next = consumer.receive(SOON);
			assertThat(next).isNotNull();
			assertThat(next.value()).isEqualTo("after");
			consumer.negativeAcknowledge(held.get(1));
			Message<String> again = consumer.receive(SOON);
			assertThat(again).isNotNull();
			assertThat(again.value()).isEqualTo("in hand");
		}
		finally {
			broker.close();
		}
	}

	@Test
	void clientThatIsStartedBeforeItsBrokerConnectsLater() {
		Broker first = broker(ServerPorts.free());
		int port = first.address().getPort();
		String url = first.serviceUrl();
		first.close();
		try (WeirClient client = WeirClient.builder()
			.serviceUrl(url)
			.insecure()
			.connectTimeout(Duration.ofMillis(300))
			.build()) {
			await().atMost(SOON).until(() -> client.lastFailure() != null);
			assertThat(client.lastFailure()).extracting(WeirException::code).isEqualTo(ErrorCode.UNREACHABLE);
			CompletableFuture<Producer<String>> creating = client.producer(Schema.string()).topic("t").createAsync();
			try (Broker broker = broker(port)) {
				assertThat(creating).succeedsWithin(SOON);
				assertThat(broker.isRunning()).isTrue();
				creating.join().send("a");
			}
		}
	}

	private Broker broker(int port) {
		return Broker.builder().port(port).dataDirectory(this.data).build().start();
	}

	private static WeirClient client(Broker broker) {
		return WeirClient.builder().serviceUrl(broker.serviceUrl()).insecure().build();
	}

	private static Consumer<String> subscribe(WeirClient client) {
		return client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

}
