package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.client.internal.fakes.LogCapture;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

class DeadLettersTest {

	private static final int MAX_REDELIVERIES = 2;

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	private final DeadLetterTopic topic = new DeadLetterTopic();

	@BeforeEach
	void policy() {
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", MAX_REDELIVERIES, this.topic);
	}

	@Test
	void messageThatWasDeliveredTooOftenIsCopiedWithItsOrigin() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.redeliver(0, MAX_REDELIVERIES, "last chance");
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "too often");
		assertThat(values(takeAll(consumer))).containsExactly("last chance");
		assertThat(this.topic.messages).singleElement()
			.satisfies((message) -> assertThat(message.payload()).asString().isEqualTo("too often"));
		assertThat(DeadLetterOrigin.of(this.topic.headers.get(0)))
			.isEqualTo(new DeadLetterOrigin("topic", "subscription", id(1, 0), MAX_REDELIVERIES + 1, ""));
	}

	@Test
	void messageIsAcknowledgedOnlyWhenItsCopyIsStored() {
		this.fixture.open();
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "a", "b");
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(acknowledged()).isEmpty();
		this.topic.answers.get(1).complete(null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(acknowledged()).containsExactly(id(1, 1));
	}

	@Test
	void eachDeadLetterIsLoggedWhenItsCopyIsStoredAndManyAreLimited() {
		try (LogCapture log = new LogCapture(DeadLetters.class)) {
			this.fixture.open();
			this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "a");
			assertThat(log.lines()).isEmpty();
			this.topic.answers.get(0).complete(null);
			assertThat(log.lines())
				.containsExactly("WARN Message 0:0:1:0 of subscription 'subscription' of topic 'topic' was "
						+ "delivered 3 times and is a dead letter in topic 'graveyard' now");
			this.fixture.redeliver(2, MAX_REDELIVERIES + 1, "0", "1", "2", "3", "4", "5", "6", "7", "8");
			this.fixture.redeliver(3, MAX_REDELIVERIES + 1, "0", "1", "2", "3", "4", "5", "6", "7", "8");
			this.topic.answers.forEach((answer) -> answer.complete(null));
			assertThat(log.lines()).hasSize(10).doesNotHaveDuplicates();
		}
	}

	@Test
	void messageGivenBackForTheLastTimeIsToldToBecomeADeadLetter() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.redeliver(1, MAX_REDELIVERIES, "last chance");
		takeAll(consumer);
		assertThat(consumer.messages().negativeAcknowledge(id(1, 0), Duration.ofHours(1)))
			.isEqualTo(new Redelivery(Duration.ZERO, "graveyard"))
			.hasToString("becomes a dead letter in topic 'graveyard'");
	}

	@Test
	void copyThatCannotBeStoredIsTriedAgain() {
		this.fixture.open();
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "a");
		this.topic.answers.get(0)
			.completeExceptionally(new ProtocolException(ErrorCode.STORAGE_FAILED, "failed by the test"));
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.topic.messages).hasSize(2);
		assertThat(acknowledged()).isEmpty();
		this.topic.answers.get(1).complete(null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(acknowledged()).containsExactly(id(1, 0));
	}

	@Test
	void copyThatThereIsNoMemoryToMakeIsTriedAgain() {
		this.fixture.open();
		this.topic.error = new OutOfMemoryError("on purpose");
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "a");
		assertThat(this.topic.messages).isEmpty();
		this.topic.error = null;
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.topic.messages).hasSize(1);
		assertThat(this.broker.frames(Frame.Subscribe.class)).as("nothing else was disturbed").hasSize(1);
	}

	@Test
	void copyOnItsWayIsNotMadeAgainAfterAReconnect() {
		this.fixture.open();
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "a");
		this.world.reconnect();
		this.fixture.redeliver(1, MAX_REDELIVERIES + 2, "a");
		assertThat(this.topic.messages).hasSize(1);
		this.topic.answers.get(0).complete(null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(acknowledged()).containsExactly(id(1, 0));
	}

	@Test
	void messagesThatAreKeptHoldTheBrokerBack() {
		this.fixture.open();
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
		assertThat(this.fixture.granted()).isEqualTo(10);
		this.topic.answers.forEach((answer) -> answer.complete(null));
		assertThat(this.fixture.granted()).isEqualTo(20);
	}

	@Test
	void messageGivenBackForTheLastTimeDoesNotWait() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> Duration.ofHours(1);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.redeliver(0, MAX_REDELIVERIES - 1, "waits");
		this.fixture.redeliver(1, MAX_REDELIVERIES, "does not");
		takeAll(consumer).forEach((message) -> consumer.messages().negativeAcknowledge(message.id(), null));
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).extracting(Frame.NegativeAcknowledge::ids)
			.containsExactly(List.of(id(1, 0)));
	}

	@Test
	void cumulativeAcknowledgementWaitsForTheCopiesOfThoseBefore() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "a");
		this.fixture.deliver(2, "b");
		takeAll(consumer);
		CompletableFuture<Void> stored = new CompletableFuture<>();
		consumer.messages().acknowledgeUpTo(id(2, 0), stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(this.broker.frames(Frame.AcknowledgeUpTo.class)).isEmpty();
		this.topic.answers.get(0).complete(null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(stored).isCompleted();
		assertThat(this.broker.frames(Frame.AcknowledgeUpTo.class)).hasSize(1);
	}

	@Test
	void seekForgetsWhatIsKept() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "a");
		consumer.seek(SeekTarget.EARLIEST);
		this.topic.answers.get(0).complete(null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(acknowledged()).isEmpty();
		this.fixture.deliver(1, "a");
		assertThat(values(takeAll(consumer))).containsExactly("a");
	}

	@Test
	void closedConsumerStoresNothingMore() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.redeliver(1, MAX_REDELIVERIES + 1, "a");
		consumer.close();
		assertThat(this.topic.closed).isTrue();
		this.topic.answers.get(0).completeExceptionally(new IllegalStateException("closed"));
		this.world.timer().advance(Duration.ofMinutes(2));
		assertThat(this.topic.messages).hasSize(1);
	}

	private List<MessageId> acknowledged() {
		return this.broker.frames(Frame.Acknowledge.class)
			.stream()
			.map(Frame.Acknowledge::ids)
			.flatMap(List::stream)
			.toList();
	}

	/** Stores when the test says so. */
	private static final class DeadLetterTopic implements DeadLetterPublisher {

		private final List<Message<?>> messages = new ArrayList<>();

		private final List<Headers> headers = new ArrayList<>();

		private final List<CompletableFuture<Void>> answers = new ArrayList<>();

		private boolean closed;

		private @Nullable Error error;

		@Override
		public CompletionStage<?> publish(Message<?> message, Headers headers) {
			if (this.error != null) {
				throw this.error;
			}
			this.messages.add(message);
			this.headers.add(headers);
			CompletableFuture<Void> answer = new CompletableFuture<>();
			this.answers.add(answer);
			return answer;
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

}
