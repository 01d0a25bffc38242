package io.weir.client;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.weir.fixtures.UdpRelay;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A broker whose process stands still for longer than it keeps silent sessions. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class PausedBrokerTest {

	private static final Duration SOON = Duration.ofSeconds(40);

	private static final long SESSION_TIMEOUT = 2000;

	@Test
	void whatADeadClientHeldIsFreeAndALivingClientGoesOnWhenTheBrokerWasPaused(@TempDir Path data) throws Exception {
		try (BrokerProcess broker = BrokerProcess.start(data, 0, SESSION_TIMEOUT);
				UdpRelay relay = UdpRelay.to(new InetSocketAddress("127.0.0.1", broker.port())).start();
				WeirClient living = client(broker.serviceUrl());
				WeirClient dying = client("weir://127.0.0.1:" + relay.address().getPort())) {
			Producer<String> producer = living.producer(Schema.string()).topic("t").create();
			Consumer<String> mine = subscribe(living, "mine");
			subscribe(dying, "shared");
			producer.send("before");
			assertThat(mine.receive(SOON).value()).isEqualTo("before");
			try {
				broker.pause();
				relay.blackHole(true);
				// The client that is cut off sees its session as lost: so long it lasts.
				await().atMost(SOON).until(() -> dying.state() != ConnectionState.READY);
			}
			finally {
				broker.goOn();
			}
			producer.send("after");
			assertThat(mine.receive(SOON).value()).isEqualTo("after");
			Consumer<String> next = await().atMost(SOON)
				.ignoreExceptionsMatching((busy) -> busy instanceof WeirException failure
						&& failure.code() == ErrorCode.SUBSCRIPTION_BUSY)
				.until(() -> subscribe(living, "shared"), Consumer::isConnected);
			assertThat(next.receive(SOON).value()).isEqualTo("before");
		}
	}

	private static Consumer<String> subscribe(WeirClient client, String subscription) {
		return client.consumer(Schema.string())
			.topic("t")
			.subscription(subscription)
			.subscriptionType(SubscriptionType.EXCLUSIVE)
			.subscribe();
	}

	/** Its heartbeat notices a dead session a little later than the broker would. */
	private static WeirClient client(String serviceUrl) {
		return WeirClient.builder().serviceUrl(serviceUrl).insecure().heartbeatInterval(Duration.ofSeconds(2)).build();
	}

}
