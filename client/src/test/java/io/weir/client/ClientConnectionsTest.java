package io.weir.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.weir.broker.Broker;
import io.weir.client.internal.connection.BrokerSession;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.pool.PoolStats;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The connections of a client to real brokers over QUIC. */
class ClientConnectionsTest extends ClientFixture {

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
	void untrustedCertificateIsToldAtOnce() {
		try (WeirClient suspicious = WeirClient.builder().serviceUrl(this.broker.serviceUrl()).build()) {
			await().atMost(SOON).until(() -> suspicious.lastFailure() != null);
			assertThat(suspicious.lastFailure()).extracting(WeirException::code)
				.isEqualTo(ErrorCode.UNTRUSTED_CERTIFICATE);
			assertFails(ErrorCode.UNTRUSTED_CERTIFICATE,
					() -> suspicious.producer(Schema.string()).topic("t").sendTimeout(Duration.ofMillis(200)).create());
		}
	}

}
