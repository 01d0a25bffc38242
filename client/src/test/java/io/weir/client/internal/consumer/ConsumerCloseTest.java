package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a consumer still does when it is closed. */
class ConsumerCloseTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	private final CompletableFuture<Void> stored = new CompletableFuture<>();

	@Test
	void closeSendsTheLastAcknowledgementsThenLeaves() {
		this.broker.hold(Frame.Acknowledge.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		poll(consumer);
		consumer.messages().acknowledge(id(0, 0), null);
		CompletableFuture<Void> closed = consumer.close();
		assertThat(closed).isNotDone();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> poll(consumer));
		assertThat(consumer.messages().receiveAsync()).isCompletedExceptionally();
		this.broker.answerHeld();
		assertThat(closed).isCompleted();
		assertThat(this.broker.frames(Frame.CloseConsumer.class)).hasSize(1);
		assertThat(this.world.pool().lent()).isZero();
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> consumer.messages().acknowledge(id(0, 1), null));
		assertThat(consumer.close()).isCompleted();
	}

	@Test
	void closeWithoutAnswerEndsInTime() {
		this.broker.hold(Frame.Acknowledge.class);
		ConsumerCore<String> consumer = this.fixture.open();
		consumer.messages().acknowledge(id(0, 0), this.stored);
		CompletableFuture<Void> closed = consumer.close();
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(closed).isCompleted();
		assertThat(this.stored).isCompletedExceptionally();
	}

	@Test
	void closeWithoutAConnectionEndsAtOnceIfAllIsConfirmed() {
		ConsumerCore<String> consumer = this.fixture.open();
		consumer.messages().acknowledge(id(0, 0), this.stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(this.stored).isCompleted();
		this.world.reachable(false);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(consumer.close()).isCompleted();
	}

	@Test
	void closeWithoutAConnectionSendsWhatIsNotConfirmedWhenThereIsOne() {
		ConsumerCore<String> consumer = openWithAcknowledgementWhoseAnswerIsLost();
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<Void> closed = consumer.close();
		assertThat(closed).isNotDone();
		assertThat(this.stored).isNotDone();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.stored).isCompleted();
		assertThat(closed).isCompleted();
		assertThat(this.world.pool().lent()).isZero();
	}

	@Test
	void connectionThatIsLostWhileClosingDoesNotLoseTheLastAcknowledgements() {
		ConsumerCore<String> consumer = openWithAcknowledgementWhoseAnswerIsLost();
		CompletableFuture<Void> closed = consumer.close();
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(closed).isNotDone();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.stored).isCompleted();
		assertThat(closed).isCompleted();
	}

	@Test
	void closeWithoutABrokerEndsInTime() {
		ConsumerCore<String> consumer = openWithAcknowledgementWhoseAnswerIsLost();
		this.world.reachable(false);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<Void> closed = consumer.close();
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(closed).isCompleted();
		assertThat(this.stored).isCompletedExceptionally();
	}

	@Test
	void consumerThatIsClosedAsksForNoMoreMessages() {
		this.broker.hold(Frame.Acknowledge.class);
		ConsumerCore<String> consumer = this.fixture.open();
		consumer.messages().acknowledge(id(0, 0), this.stored);
		consumer.close();
		this.fixture.deliver(1, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
		assertThat(this.fixture.granted()).isEqualTo(10);
		this.world.reconnect();
		assertThat(this.broker.frames(Frame.Subscribe.class)).hasSize(2);
		assertThat(this.fixture.granted()).isZero();
	}

	@Test
	void closedConsumerWhosePlaceIsTakenComesBackOnlyUntilTheTimeIsOver() {
		ConsumerCore<String> consumer = openWithAcknowledgementWhoseAnswerIsLost();
		for (int i = 0; i < 100; i++) {
			this.broker.refuse(Frame.Subscribe.class, ErrorCode.SUBSCRIPTION_BUSY);
		}
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<Void> closed = consumer.close();
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(closed).isCompleted();
		int attempts = this.broker.frames(Frame.Subscribe.class).size();
		this.world.timer().advance(Duration.ofMinutes(1));
		assertThat(this.broker.frames(Frame.Subscribe.class)).hasSize(attempts);
	}

	@Test
	void closedConsumerWhoseSubscriptionWasMovedHasNothingToSay() {
		this.fixture.type = SubscriptionType.SHARED;
		ConsumerCore<String> consumer = openWithAcknowledgementWhoseAnswerIsLost();
		FakeBroker.Received subscription = this.broker.last(Frame.Subscribe.class);
		long consumerId = ((Frame.Subscribe) subscription.frame()).consumerId();
		CompletableFuture<Void> closed = consumer.close();
		subscription.stream().say(0, new Frame.ConsumerClosed(consumerId, ErrorCode.SUBSCRIPTION_MOVED, "moved"));
		assertThat(closed).isCompleted();
		assertThat(this.stored).isCompleted();
	}

	/** The next ones are answered. */
	private ConsumerCore<String> openWithAcknowledgementWhoseAnswerIsLost() {
		this.broker.hold(Frame.Acknowledge.class);
		ConsumerCore<String> consumer = this.fixture.open();
		consumer.messages().acknowledge(id(0, 0), this.stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		this.broker.holdNothing();
		return consumer;
	}

}
