package io.weir.client;

import java.time.Duration;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import io.weir.broker.Broker;
import io.weir.client.internal.connection.BrokerSession;
import io.weir.message.Schema;
import io.weir.pool.Lease;
import io.weir.transport.RequestStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the stream pools of a client report, against a real broker. */
@Timeout(60)
class StreamPoolReportsTest {

	private static final StreamPoolSettings DEFAULTS = StreamPoolSettings.DEFAULTS;

	private static final StreamPoolSettings LOOKS_FOR_LEAKS = new StreamPoolSettings(DEFAULTS.minSize(),
			DEFAULTS.maxSize(), DEFAULTS.initialSize(), DEFAULTS.maxIdleTime(), DEFAULTS.maxLifetime(),
			DEFAULTS.validationInterval(), DEFAULTS.borrowTimeout(), Duration.ofSeconds(1), false);

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.weir.pool");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Broker broker = Broker.builder().port(0).build();

	@BeforeEach
	void start() {
		this.broker.start();
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.log);
		this.broker.close();
	}

	@Test
	void streamsOfProducersAndConsumersAreNoLeaks() {
		try (DefaultWeirClient client = (DefaultWeirClient) ClientFixture.client(this.broker)
			.pool(LOOKS_FOR_LEAKS)
			.build()) {
			client.producer(Schema.string()).topic("t").create().send("ordered");
			client.producer(Schema.string())
				.topic("t")
				.ordering(Ordering.KEY_ORDERED)
				.create()
				.message("keyed")
				.key("k")
				.send();
			client.consumer(Schema.string()).topic("t").subscription("s").subscribe();
			// Found later than those that were lent before, if those were looked for.
			leak(client, 1);
			leak(client, 2);
		}
	}

	private static void leak(DefaultWeirClient client, long leaks) {
		BrokerSession session = client.connectionManagers().managers().get(0).state().session();
		assertThat(session).isNotNull();
		try (Lease<RequestStream> forgotten = session.borrow().toCompletableFuture().join()) {
			assertThat(forgotten.resource().isOpen()).isTrue();
			await().until(() -> client.pools().get("weir-0").leaks() >= leaks);
			assertThat(client.pools().get("weir-0").leaks()).isEqualTo(leaks);
		}
	}

	@RepeatedTest(10)
	void closingAClientIsNoFailureOfItsPools() {
		try (WeirClient client = ClientFixture.client(this.broker).build()) {
			// Its streams are being opened.
			client.connected().toCompletableFuture().join();
		}
		assertThat(this.log.list).isEmpty();
	}

}
