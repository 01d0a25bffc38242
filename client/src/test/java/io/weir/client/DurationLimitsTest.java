package io.weir.client;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.message.Schema;
import io.weir.time.DurationRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the longest and the shortest durations do, against a real broker. */
@Timeout(120)
class DurationLimitsTest {

	private static final Duration SOON = Duration.ofSeconds(60);

	private static final Duration LONGEST = DurationRange.LONGEST;

	private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

	private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);

	private final Broker broker = Broker.builder().port(0).build().start();

	@AfterEach
	void stop() {
		this.broker.close();
	}

	private static ConsumerBuilder<String> consumer(WeirClient client) {
		return client.consumer(Schema.string()).topic("t").subscription("s").initialPosition(InitialPosition.EARLIEST);
	}

	@Test
	void longestSettingsWork() {
		WeirClientBuilder builder = ClientFixture.client(this.broker)
			.connectTimeout(Duration.ofDays(24))
			.pool(new StreamPoolSettings(1, 8, 1, LONGEST, LONGEST, LONGEST, LONGEST, LONGEST, false));
		try (WeirClient client = builder.build();
				Producer<String> producer = client.producer(Schema.string())
					.topic("t")
					.sendTimeout(LONGEST)
					.batchLinger(LONGEST)
					.create();
				Consumer<String> consumer = consumer(client).ackTimeout(LONGEST)
					.acknowledgementDelay(LONGEST)
					.negativeAckRedeliveryBackoff(RedeliveryBackoff.exponential(LONGEST, 1e300, LONGEST))
					.subscribe()) {
			producer.send("a");
			producer.send("b");
			Message<String> first = consumer.receive(SOON);
			Message<String> second = consumer.receive(SOON);
			assertThat(first).isNotNull();
			assertThat(second).isNotNull();
			assertThat(consumer.negativeAcknowledge(first)).isEqualTo(new Redelivery(LONGEST, null));
			consumer.acknowledge(second);
		}
		try (WeirClient client = ClientFixture.client(this.broker).build();
				Producer<String> producer = client.producer(Schema.string()).topic("t").create();
				Consumer<String> next = consumer(client).subscribe()) {
			producer.send("c");
			assertThat(next.receive(SOON)).isNotNull().extracting(Message::value).as("the first waits").isEqualTo("c");
			assertThat(next.receive(Duration.ZERO)).isNull();
		}
	}

	/** Netty takes a connect timeout of zero milliseconds for none. */
	@Test
	void shortestConnectTimeoutIsNotNever() {
		try (WeirClient client = WeirClient.builder()
			.serviceUrl("weir://127.0.0.1:" + this.broker.address().getPort())
			.insecure()
			.connectTimeout(Duration.ofMillis(1))
			.build()) {
			await().atMost(SOON).until(() -> client.state() == ConnectionState.READY || client.lastFailure() != null);
		}
	}

	@Test
	void callThatSaysHowLongToWaitMaySayAnything() {
		try (WeirClient client = ClientFixture.client(this.broker).build();
				Producer<String> producer = client.producer(Schema.string()).topic("t").create();
				Reader<String> reader = client.reader(Schema.string())
					.topic("t")
					.startAt(InitialPosition.EARLIEST)
					.create();
				Consumer<String> consumer = consumer(client).subscribe()) {
			assertThat(consumer.receive(LONG_AGO)).isNull();
			assertThat(consumer.batchReceive(1, LONG_AGO)).isEmpty();
			assertThat(reader.read(LONG_AGO)).isNull();
			MessageId id = producer.send("a");
			producer.send("b");
			assertThat(consumer.receive(EVER)).isNotNull().extracting(Message::id).isEqualTo(id);
			assertThat(consumer.batchReceive(1, EVER)).hasSize(1);
			assertThat(reader.read(EVER)).isNotNull();
			assertThat(consumer.negativeAcknowledge(id, LONG_AGO)).isEqualTo(new Redelivery(Duration.ZERO, null));
			assertThat(consumer.receive(EVER)).isNotNull().extracting(Message::id).isEqualTo(id);
			assertThat(consumer.negativeAcknowledge(id, EVER)).isEqualTo(new Redelivery(LONGEST, null));
		}
	}

}
