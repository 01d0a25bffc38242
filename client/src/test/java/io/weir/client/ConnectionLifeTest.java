package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.transport.Connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A client that has no producers and no consumers, and whose pool tests nothing. */
@Timeout(60)
class ConnectionLifeTest {

	private static final Duration SOON = Duration.ofSeconds(20);

	/** No stream at all but the control stream. */
	private static final StreamPoolSettings NO_STREAMS = new StreamPoolSettings(0, 1, 0, Duration.ZERO, Duration.ZERO,
			Duration.ZERO, Duration.ofSeconds(5), Duration.ZERO, false);

	private final List<ConnectionState> states = new CopyOnWriteArrayList<>();

	/** With pings each second, QUIC's own idle timeout is 3 seconds. */
	@Test
	void connectionWithNothingToDoStaysUp() {
		try (Broker broker = Broker.builder().port(0).build().start(); WeirClient client = idle(broker.serviceUrl())) {
			await().atMost(SOON).until(() -> client.state() == ConnectionState.READY);
			Connection first = connection(client);
			await().during(Duration.ofSeconds(5)).atMost(SOON).until(first::isOpen);
			assertThat(connection(client)).isSameAs(first);
			assertThat(this.states).containsExactly(ConnectionState.CONNECTING, ConnectionState.READY);
		}
	}

	@Test
	void brokerThatDiesIsNoticedByAClientThatDoesNothing(@TempDir Path data) throws Exception {
		BrokerProcess broker = BrokerProcess.start(data, 0);
		try (WeirClient client = idle(broker.serviceUrl())) {
			await().atMost(SOON).until(() -> client.state() == ConnectionState.READY);
			broker.close();
			await().atMost(SOON).until(() -> this.states.contains(ConnectionState.BACKING_OFF));
			assertThat(client.connections().get(0).lastFailure()).isNotNull();
		}
		finally {
			broker.close();
		}
	}

	private WeirClient idle(String serviceUrl) {
		return WeirClient.builder()
			.serviceUrl(serviceUrl)
			.insecure()
			.heartbeatInterval(Duration.ofSeconds(1))
			.pool(NO_STREAMS)
			.connectionListener((connection) -> this.states.add(connection.state()))
			.build();
	}

	private static Connection connection(WeirClient client) {
		var session = ((DefaultWeirClient) client).connectionManagers().managers().get(0).state().session();
		assertThat(session).isNotNull();
		return session.connection();
	}

}
