package io.weir.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.client.Consumer;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.RedeliveryBackoff;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@EmbeddedWeir
class WeirTestBrokerTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final WeirTestBroker broker;

	WeirTestBrokerTest(WeirTestBroker broker) {
		this.broker = broker;
	}

	@Test
	void whatIsPublishedCanBeSeenWithKeysAndHeaders() {
		this.broker.publish("orders", new Order("ann", 3), (message) -> message.key("ann").header("source", "shop"));
		this.broker.publish("orders", new Order("bob", 4));
		assertThat(this.broker).topic("orders", Order.class)
			.containsExactly(new Order("ann", 3), new Order("bob", 4))
			.contains(new Order("bob", 4))
			.containsExactlyInAnyOrder(new Order("bob", 4), new Order("ann", 3))
			.messagesSatisfy((messages) -> assertThat(messages.get(0).headers().get("source")).isEqualTo("shop"))
			.messagesSatisfy((messages) -> assertThat(messages).extracting(Message::key).containsExactly("ann", null));
		assertThat(this.broker.messages("orders")).hasSize(2);
	}

	@Test
	void lookingAtATopicDoesNotMakeIt() {
		assertThat(this.broker).topic("nothing").hasNoMessages().doesNotExist();
		assertThat(this.broker.messages("nothing")).isEmpty();
		assertThat(this.broker).topic("nothing").doesNotExist();
	}

	@Test
	void messagesOfAllPartitionsAreSeen() {
		this.broker.broker().partitions("orders", 3);
		for (int number = 0; number < 20; number++) {
			String key = "key " + number;
			this.broker.publish("orders", key, (message) -> message.key(key));
		}
		assertThat(this.broker).topic("orders").hasMessages(20);
	}

	@Test
	void acknowledgedMessagesAreStillThere() {
		try (Consumer<String> consumer = consumer("billing")) {
			this.broker.publish("orders", "one");
			assertThat(this.broker).topic("orders")
				.subscription("billing")
				.hasConsumers(1)
				.hasInFlight(1)
				.hasBacklog(1);
			consumer.acknowledge(received(consumer));
			this.broker.publish("orders", "two");
			consumer.acknowledge(received(consumer));
			assertThat(this.broker).topic("orders").subscription("billing").hasAcknowledgedAll().hasInFlight(0);
			this.broker.clock().turn(Duration.ofDays(1));
			assertThat(this.broker).topic("orders").containsExactly("one", "two");
		}
	}

	@Test
	void delayedMessageComesWhenTheClockIsTurned() {
		try (Consumer<String> consumer = consumer("billing")) {
			this.broker.publish("orders", "later", (message) -> message.deliverAfter(Duration.ofDays(2)));
			assertThat(this.broker).topic("orders").hasDelayed(1).hasNoMessages();
			this.broker.clock().turn(Duration.ofDays(2));
			assertThat(this.broker).topic("orders").containsExactly("later").hasDelayed(0);
			assertThat(received(consumer).value()).isEqualTo("later");
		}
	}

	@Test
	void messageExpiresWhenTheClockIsTurned() {
		this.broker.publish("orders", "soon stale", (message) -> message.expiresAfter(Duration.ofMinutes(5)));
		this.broker.clock().turn(Duration.ofMinutes(6));
		try (Consumer<String> consumer = consumer("billing")) {
			this.broker.publish("orders", "fresh");
			assertThat(received(consumer).value()).isEqualTo("fresh");
			assertThat(this.broker).topic("orders").subscription("billing").hasExpired(1);
		}
	}

	@Test
	void messageThatWasGivenBackComesAgainWhenTheClockIsTurnedAndThenGoesToTheDeadLetters() {
		this.broker.clock().stop();
		try (Consumer<String> consumer = this.broker.client()
			.consumer(Schema.string())
			.topic("orders")
			.subscription("billing")
			.deadLetterPolicy(new DeadLetterPolicy(1, "failures"))
			.negativeAckRedeliveryBackoff(RedeliveryBackoff.exponential(SOON, 2, SOON))
			.subscribe()) {
			this.broker.publish("orders", "poison");
			consumer.negativeAcknowledge(received(consumer));
			assertThat(this.broker).topic("orders")
				.subscription("billing")
				.hasWaitingForRedelivery(1)
				.hasRedelivered(0);
			this.broker.clock().turn(Duration.ofMinutes(1));
			consumer.negativeAcknowledge(received(consumer));
			assertThat(this.broker).topic("orders").subscription("billing").hasRedelivered(1).hasDeadLetters(1);
			assertThat(this.broker).topic("failures").containsExactly("poison");
		}
	}

	@Test
	void clockOnlyGoesForwardAndStandsWhileItIsStopped() {
		TestClock clock = this.broker.clock();
		clock.stop();
		Instant stopped = clock.instant();
		assertThat(clock.instant()).isEqualTo(stopped);
		clock.turnTo(stopped.plus(Duration.ofHours(1)));
		assertThat(clock.instant()).isEqualTo(stopped.plus(Duration.ofHours(1)));
		clock.resume();
		assertThat(clock.instant()).isAfterOrEqualTo(stopped.plus(Duration.ofHours(1)))
			.isBefore(stopped.plus(Duration.ofHours(2)));
		assertThatIllegalArgumentException().isThrownBy(() -> clock.turn(Duration.ofSeconds(-1)))
			.withMessageContaining("only turned forward");
	}

	@Test
	void assertionFailsWithTheWholeStateOfTheSubscription() {
		this.broker.publish("orders", "one");
		try (Consumer<String> consumer = consumer("billing")) {
			received(consumer);
			assertThatThrownBy(() -> assertThat(this.broker).within(Duration.ofMillis(1))
				.topic("orders")
				.subscription("billing")
				.hasAcknowledgedAll()).isInstanceOf(AssertionError.class)
				.hasMessageContainingAll("messages not acknowledged", "'billing'", "'orders'", "inFlight=1");
			assertThatThrownBy(
					() -> assertThat(this.broker).within(Duration.ofMillis(1)).topic("orders").containsExactly("two"))
				.isInstanceOf(AssertionError.class)
				.hasMessageContainingAll("messages of topic 'orders'", "\"one\"", "\"two\"");
			assertThatThrownBy(() -> assertThat(this.broker).within(Duration.ofMillis(1))
				.topic("orders")
				.subscription("other")
				.exists()).isInstanceOf(AssertionError.class).hasMessageContaining("'other'");
		}
	}

	@Test
	void brokersKnowNothingOfEachOther() {
		try (WeirTestBroker other = WeirTestBroker.start()) {
			this.broker.publish("orders", "mine");
			other.publish("orders", "theirs");
			assertThat(this.broker).topic("orders").containsExactly("mine");
			assertThat(other).topic("orders").containsExactly("theirs");
		}
	}

	@Test
	void settingsOfTheBrokerCanBeChanged() {
		try (WeirTestBroker small = WeirTestBroker.start((builder) -> builder.maxMessageSize(1024))) {
			assertThatThrownBy(() -> small.publish("orders", "x".repeat(2000))).hasMessageContaining("1024");
		}
	}

	private Consumer<String> consumer(String subscription) {
		return this.broker.client()
			.consumer(Schema.string())
			.topic("orders")
			.subscription(subscription)
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

	private static Message<String> received(Consumer<String> consumer) {
		return List.copyOf(consumer.batchReceive(1, SOON)).get(0);
	}

	record Order(String customer, int amount) {
	}

}
