package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.fixtures.MutableClock;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What follows the clock that a broker is given. */
@Timeout(60)
class BrokerClockTest {

	private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

	private static final Duration SOON = Duration.ofSeconds(10);

	private final MutableClock clock = new MutableClock(START);

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory
		.broker((builder) -> builder.clock(this.clock).ticker(() -> TimeUnit.MILLISECONDS.toNanos(this.clock.millis())))
		.start();

	private final WeirClient client = this.memory.client(this.broker).build();

	private final Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();

	private final Consumer<String> consumer = this.client.consumer(Schema.string())
		.topic("t")
		.subscription("s")
		.initialPosition(InitialPosition.EARLIEST)
		.subscribe();

	@AfterEach
	void close() {
		this.client.close();
		this.broker.close();
	}

	@Test
	void messagesArePublishedAtTheTimeOfTheBrokersClock() {
		this.producer.send("first");
		this.clock.turn(Duration.ofDays(1));
		this.producer.send("second");
		this.clock.turn(Duration.ofDays(-2));
		this.producer.send("third");
		assertThat(this.consumer.batchReceive(3, SOON)).extracting(Message::publishTime)
			.containsExactly(START, START.plus(Duration.ofDays(1)), START.minus(Duration.ofDays(1)));
	}

	@Test
	void whatWasGivenBackComesAgainAsSoonAsClockAndTickerAreTurned() {
		this.producer.send("first");
		this.consumer.negativeAcknowledge(this.consumer.receive(SOON));
		this.clock.turn(Duration.ofMinutes(2));
		assertThat(this.consumer.receive(SOON)).extracting(Message::redeliveryCount).isEqualTo(1);
	}

	@Test
	void whatIsNotAcknowledgedInTimeComesAgainWhenTheTickerIsTurned() {
		this.broker.setPolicies("t", "s", SubscriptionPolicies.builder().ackTimeout(Duration.ofHours(1)).build());
		this.producer.send("first");
		assertThat(this.consumer.receive(SOON)).isNotNull();
		// What comes back waits for a while as well.
		Message<String> again = await().until(() -> {
			this.clock.turn(Duration.ofHours(1));
			return this.consumer.receive(Duration.ofMillis(100));
		}, Objects::nonNull);
		assertThat(again.redeliveryCount()).isPositive();
	}

	@Test
	void subscriptionIsMovedToATimeOfTheBrokersClock() {
		this.producer.send("first");
		this.clock.turn(Duration.ofDays(1));
		this.producer.send("second");
		this.consumer.seek(START.plus(Duration.ofHours(1)));
		assertThat(this.consumer.receive(SOON)).extracting(Message::value).isEqualTo("second");
	}

}
