package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Consumers of all topics whose names match a pattern. */
@Timeout(60)
class TopicPatternsTest extends PartitionsFixture {

	private void publish(String topic, String... values) {
		try (Producer<String> producer = this.client.producer(Schema.string()).topic(topic).create()) {
			for (String value : values) {
				producer.send(value);
			}
		}
	}

	private ConsumerBuilder<String> consumerOf(String pattern) {
		return this.client.consumer(Schema.string())
			.topics(pattern)
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.topicSearchInterval(Duration.ofMillis(20));
	}

	private static List<String> values(List<Message<String>> messages) {
		return messages.stream().map((message) -> message.topic() + "=" + message.value()).toList();
	}

	@Test
	void topicsThatMatchAreConsumedAndNoOthers() {
		this.broker.partitions("orders.us", 3);
		publish("orders.eu", "a");
		publish("orders.us", "b", "c", "d");
		publish("orders", "x");
		publish("invoices.eu", "y");
		try (Consumer<String> consumer = consumerOf("orders.*").subscribe()) {
			assertThat(values(receive(consumer, 4))).containsExactlyInAnyOrder("orders.eu=a", "orders.us=b",
					"orders.us=c", "orders.us=d");
			assertThat(consumer.receive(Duration.ZERO)).isNull();
		}
	}

	@Test
	void topicThatComesLaterIsFoundAndReadFromItsBeginning() {
		try (Consumer<String> consumer = consumerOf("orders.*").initialPosition(InitialPosition.LATEST).subscribe()) {
			publish("orders.eu", "a", "b");
			assertThat(values(receive(consumer, 2))).containsExactly("orders.eu=a", "orders.eu=b");
			publish("orders.us", "c");
			assertThat(values(receive(consumer, 1))).containsExactly("orders.us=c");
		}
	}

	@Test
	void messagesAreAcknowledgedAndGivenBackWhereTheyComeFrom() {
		publish("orders.eu", "a");
		publish("orders.us", "b");
		try (Consumer<String> consumer = consumerOf("orders.*").subscribe()) {
			for (Message<String> message : receive(consumer, 2)) {
				if (message.topic().equals("orders.eu")) {
					consumer.acknowledgeAsync(message).join();
				}
				else {
					consumer.negativeAcknowledge(message);
				}
			}
			assertThat(values(receive(consumer, 1))).containsExactly("orders.us=b");
		}
		try (Consumer<String> consumer = consumerOf("orders.*").subscribe()) {
			assertThat(values(receive(consumer, 1))).containsExactly("orders.us=b");
		}
	}

	@Test
	void allTopicsAreMovedToATimeAndNoneToAnId() {
		publish("orders.eu", "a");
		publish("orders.us", "b");
		try (Consumer<String> consumer = consumerOf("orders.*").subscribe()) {
			Message<String> message = receive(consumer, 2).get(0);
			consumer.seek(Instant.EPOCH);
			assertThat(values(receive(consumer, 2))).containsExactlyInAnyOrder("orders.eu=a", "orders.us=b");
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> consumer.seek(message.id()))
				.withMessageContaining("to a time only")
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.INVALID_REQUEST);
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> consumer.acknowledge(message.id()))
				.withMessageContaining("must be given the message, not its id alone");
		}
	}

	@Test
	void consumerThatIsClosedGivesNothingMore() {
		publish("orders.eu", "a");
		Consumer<String> consumer = consumerOf("orders.*").subscribe();
		consumer.close();
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> consumer.receive(SOON))
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.CLOSED);
	}

	@Test
	void patternWithoutAStarIsATopicThatIsMadeAsAnyOther() {
		try (Consumer<String> consumer = consumerOf("orders").subscribe()) {
			assertThat(this.broker.topic("orders")).isPresent();
			publish("orders", "a");
			assertThat(consumer.receive(SOON)).isNotNull().extracting(Message::value).isEqualTo("a");
		}
	}

	@Test
	void patternThatNoTopicCouldMatchIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.consumer(Schema.string()).topics("orders[a]"))
			.withMessageContaining("Topic pattern 'orders[a]' is not allowed");
		assertThatExceptionOfType(WeirException.class)
			.isThrownBy(
					() -> consumerOf("orders.*").deadLetterPolicy(new DeadLetterPolicy(3, "orders.dead")).subscribe())
			.withMessageContaining("must not be one of the topics that are consumed");
		assertThatExceptionOfType(WeirException.class)
			.isThrownBy(() -> consumerOf("orders.*").deadLetterPolicy(new DeadLetterPolicy(3, null)).subscribe())
			.withMessageContaining("must be named");
	}

}
