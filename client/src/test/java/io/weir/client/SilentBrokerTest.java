package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.broker.Broker;
import io.weir.broker.BrokerLimits;
import io.weir.fixtures.Direction;
import io.weir.fixtures.ServerPorts;
import io.weir.fixtures.UdpRelay;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.transport.Connection;
import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * A broker that does not answer: crashed and back, or at the other end of a network that
 * lets nothing pass. Heartbeats are rare, so that it is not they who notice.
 */
@Timeout(120)
class SilentBrokerTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final Duration SELDOM = Duration.ofSeconds(20);

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void closeAll() throws Exception {
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
	}

	@Test
	void publishingGoesOnWhenACrashedBrokerIsBack(@TempDir Path data) throws Exception {
		BrokerProcess broker = BrokerProcess.start(data, ServerPorts.free());
		int port = broker.port();
		try (WeirClient client = client(broker.serviceUrl(), SELDOM)) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").create();
			producer.send("before");
			Connection first = connection(client);
			broker.close();
			broker = BrokerProcess.start(data, port);
			producer.send("after");
			assertThat(endOf(first)).containsAnyOf("does not know the connection", "The client has another connection");
		}
		finally {
			broker.close();
		}
	}

	/** A broker without a data directory cannot tell that it knows no connection. */
	@Test
	void anotherConnectionTakesOverWhenTheBrokerDoesNotAnswerOnTheFirst() throws Exception {
		UdpRelay relay = relay(broker());
		WeirClient client = opened(client(relay, SELDOM));
		Producer<String> producer = client.producer(Schema.string()).topic("t").create();
		producer.send("before");
		Connection first = connection(client);
		relay.redirect(broker().address());
		producer.send("after");
		assertThat(endOf(first)).contains("The client has another connection");
		assertThat(client.lastFailure()).isNull();
	}

	@Test
	void publishingGoesOnWhenTheNetworkIsBack() throws Exception {
		UdpRelay relay = relay(broker());
		WeirClient client = opened(client(relay, SELDOM));
		Producer<String> producer = client.producer(Schema.string()).topic("t").create();
		producer.send("before");
		relay.blackHole(true);
		var sending = producer.sendAsync("meanwhile");
		await().atMost(SOON).until(() -> client.lastFailure() != null);
		assertThat(client.state()).isEqualTo(ConnectionState.READY);
		assertThat(client.lastFailure()).hasMessageContaining("has not answered");
		relay.blackHole(false);
		sending.get(30, TimeUnit.SECONDS);
		await().atMost(SOON).until(() -> client.lastFailure() == null);
		assertThat(client.state()).isEqualTo(ConnectionState.READY);
	}

	@Test
	void sendThatTimesOutSaysThatTheBrokerDoesNotAnswer() {
		UdpRelay relay = relay(broker());
		WeirClient client = opened(client(relay, SELDOM));
		Producer<String> producer = client.producer(Schema.string())
			.topic("t")
			.sendTimeout(Duration.ofSeconds(4))
			.create();
		relay.blackHole(true);
		assertThat(catchThrowable(() -> producer.send("lost"))).hasMessageContaining("has not answered for");
		relay.blackHole(false);
	}

	/** The broker does not know that the first session is dead. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void consumerOfAConnectionThatWasCutOffReceivesAtOnceWhenItIsBack(boolean onlyAnswersAreLost) throws Exception {
		Broker broker = broker();
		UdpRelay relay = relay(broker);
		WeirClient client = opened(client(relay, Duration.ofMillis(500)));
		Consumer<String> consumer = subscribe(client);
		Producer<String> producer = client.producer(Schema.string()).topic("t").create();
		producer.send("before");
		assertThat(consumer.receive(SOON).value()).isEqualTo("before");
		Connection first = connection(client);
		relay.conditions(Direction.TO_CLIENT, relay.conditions(Direction.TO_CLIENT).withBlackHole(true));
		if (!onlyAnswersAreLost) {
			relay.blackHole(true);
		}
		await().atMost(SOON).until(() -> !first.isOpen());
		relay.blackHole(false);
		producer.send("after");
		List<String> received = new ArrayList<>();
		while (!received.contains("after")) {
			Message<String> message = consumer.receive(SOON);
			assertThat(message).as("after %s", received).isNotNull();
			received.add(message.value());
		}
	}

	/** QUIC would keep the connection for longer than is waited for here. */
	@Test
	void exclusiveSubscriptionOfADeadClientBecomesFree() {
		Broker broker = broker(1000);
		UdpRelay relay = relay(broker);
		subscribe(opened(client(relay, SELDOM)));
		relay.blackHole(true);
		WeirClient other = opened(client(broker.serviceUrl(), SELDOM));
		Consumer<String> consumer = await().atMost(Duration.ofSeconds(25))
			.ignoreExceptionsMatching(
					(busy) -> busy instanceof WeirException failure && failure.code() == ErrorCode.SUBSCRIPTION_BUSY)
			.until(() -> subscribe(other), Consumer::isConnected);
		assertThat(broker.topics().get(0).subscriptions().get(0).consumers()).hasSize(1);
		consumer.close();
	}

	private static Consumer<String> subscribe(WeirClient client) {
		return client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.subscriptionType(SubscriptionType.EXCLUSIVE)
			.subscribe();
	}

	private Broker broker() {
		return broker(3_600_000);
	}

	private Broker broker(long sessionTimeout) {
		return opened(Broker.builder()
			.port(0)
			.limits(BrokerLimits.defaults().with(BrokerLimit.SESSION_TIMEOUT, sessionTimeout))
			.build()
			.start());
	}

	private UdpRelay relay(Broker broker) {
		return opened(UdpRelay.to(broker.address()).start());
	}

	private WeirClient client(UdpRelay relay, Duration heartbeat) {
		return client("weir://127.0.0.1:" + relay.address().getPort(), heartbeat);
	}

	private static WeirClient client(String serviceUrl, Duration heartbeat) {
		return WeirClient.builder().serviceUrl(serviceUrl).insecure().heartbeatInterval(heartbeat).build();
	}

	private <T extends AutoCloseable> T opened(T part) {
		this.open.add(part);
		return part;
	}

	private static Connection connection(WeirClient client) {
		var session = ((DefaultWeirClient) client).connectionManagers().managers().get(0).state().session();
		assertThat(session).isNotNull();
		return session.connection();
	}

	private static String endOf(Connection connection) {
		return String
			.valueOf(connection.closed().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join().getMessage());
	}

}
