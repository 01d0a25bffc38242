package io.weir.client.internal.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.poll;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

/** Moving and removing a subscription. */
class ConsumerRequestsTest {

	private static final SeekTarget PLACE = SeekTarget.at(id(0, 0));

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@Test
	void seekForgetsWhatIsQueuedAndInHandAndGrantsAnew() {
		this.broker.hold(Frame.SeekId.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "in hand", "queued");
		poll(consumer);
		CompletableFuture<Void> moved = consumer.seek(PLACE);
		this.fixture.deliver(1, "on its way");
		assertThat(moved).isNotDone();
		this.broker.answerHeld();
		assertThat(moved).isCompleted();
		assertThat(poll(consumer)).isNull();
		assertThat(this.fixture.granted()).isEqualTo(20);
		this.fixture.deliver(0, "in hand", "queued");
		assertThat(values(takeAll(consumer))).containsExactly("in hand", "queued");
	}

	@Test
	void nothingIsGrantedWhileTheSubscriptionIsMoved() {
		this.broker.hold(Frame.SeekId.class);
		ConsumerCore<String> consumer = this.fixture.open();
		consumer.seek(PLACE);
		this.fixture.deliver(0, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
		takeAll(consumer);
		assertThat(this.fixture.granted()).isEqualTo(10);
		this.broker.answerHeld();
		assertThat(this.fixture.granted()).isEqualTo(20);
	}

	@Test
	void acknowledgementsFromBeforeHaveNoEffectAfterASeek() {
		this.broker.hold(Frame.Acknowledge.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		CompletableFuture<Void> sent = new CompletableFuture<>();
		CompletableFuture<Void> gathered = new CompletableFuture<>();
		consumer.messages().acknowledge(id(0, 0), sent);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		this.broker.hold(Frame.SeekId.class);
		CompletableFuture<Void> moved = consumer.seek(PLACE);
		consumer.messages().acknowledge(id(0, 1), gathered);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(this.broker.frames(Frame.Acknowledge.class)).hasSize(1);
		this.broker.answerHeld();
		assertThat(moved).isCompleted();
		assertThat(sent).isCompleted();
		assertThat(gathered).isCompleted();
		this.world.reconnect();
		assertThat(this.broker.frames(Frame.Acknowledge.class)).hasSize(1);
	}

	@Test
	void messageGivenBackBeforeASeekIsNotGivenBackAfterIt() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.after(Duration.ofSeconds(5)));
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).hasSize(1);
		consumer.seek(PLACE);
		this.fixture.deliver(0, "a");
		assertThat(values(takeAll(consumer))).containsExactly("a");
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).hasSize(1);
	}

	@Test
	void seekThatWasNotAnsweredIsAskedAgainBeforeAnythingIsGranted() {
		this.broker.hold(Frame.SeekTime.class);
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Void> moved = consumer.seek(SeekTarget.at(Instant.ofEpochMilli(5)));
		this.world.reconnect();
		assertThat(this.broker.frames(Frame.SeekTime.class)).hasSize(2).allMatch((frame) -> frame.publishTime() == 5);
		assertThat(this.fixture.granted()).isZero();
		assertThat(moved).isNotDone();
		this.broker.takeHeld();
		this.broker.answerHeld();
		assertThat(moved).isCompleted();
		assertThat(this.fixture.granted()).isEqualTo(10);
	}

	@Test
	void seekWhileDisconnectedIsAskedWhenConnected() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<Void> moved = consumer.seek(PLACE);
		assertThat(moved).isNotDone();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(moved).isCompleted();
		assertThat(this.broker.frames(Frame.SeekId.class)).hasSize(1);
	}

	@Test
	void refusedSeekIsToldAndLeavesEverythingAsItWas() {
		this.broker.refuse(Frame.SeekId.class, ErrorCode.STORAGE_FAILED);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		poll(consumer);
		assertThat(failure(consumer.seek(PLACE))).isEqualTo(ErrorCode.STORAGE_FAILED);
		consumer.messages().acknowledge(id(0, 0), null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(this.broker.frames(Frame.Acknowledge.class)).hasSize(1);
		assertThat(values(takeAll(consumer))).containsExactly("b");
	}

	@Test
	void seekThatTheBrokerCannotDoNowIsRepeatedOnce() {
		this.broker.refuse(Frame.SeekId.class, ErrorCode.OVERLOADED);
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Void> moved = consumer.seek(PLACE);
		assertThat(moved).isNotDone();
		this.world.reconnect();
		assertThat(moved).isCompleted();
		this.world.timer().advance(Duration.ofSeconds(2));
		assertThat(this.broker.frames(Frame.SeekId.class)).hasSize(2);
	}

	@Test
	void seekWithoutAnAnswerFailsInTimeAndTheConsumerSubscribesAgain() {
		this.broker.hold(Frame.SeekId.class);
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Void> moved = consumer.seek(PLACE);
		this.world.timer().advance(Duration.ofSeconds(30));
		assertThat(failure(moved)).isEqualTo(ErrorCode.TIMEOUT);
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.broker.frames(Frame.Subscribe.class)).hasSize(2);
		assertThat(this.fixture.granted()).isEqualTo(10);
	}

	@Test
	void seekOfAClosedConsumerFails() {
		this.broker.hold(Frame.SeekId.class);
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Void> moved = consumer.seek(PLACE);
		assertThat(consumer.close()).isCompleted();
		assertThat(failure(moved)).isEqualTo(ErrorCode.CLOSED);
		assertThat(failure(consumer.seek(PLACE))).isEqualTo(ErrorCode.CLOSED);
	}

	@Test
	void severalSeeksAreAskedForOneAfterTheOther() {
		this.broker.hold(Frame.SeekId.class);
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Void> first = consumer.seek(PLACE);
		CompletableFuture<Void> last = consumer.seek(SeekTarget.at(id(5, 0)));
		assertThat(this.broker.frames(Frame.SeekId.class)).hasSize(1);
		this.broker.takeHeld().answer(new Frame.Ok());
		assertThat(first).isCompleted();
		assertThat(last).isNotDone();
		assertThat(this.fixture.granted()).isEqualTo(10);
		this.broker.answerHeld();
		assertThat(last).isCompleted();
		assertThat(this.fixture.granted()).isEqualTo(20);
		assertThat(this.broker.frames(Frame.SeekId.class)).extracting(Frame.SeekId::id)
			.containsExactly(id(0, 0), id(5, 0));
	}

	@Test
	void seekWaitsForThatOfAnotherConsumer() {
		this.broker.refuse(Frame.SeekId.class, ErrorCode.SUBSCRIPTION_BUSY);
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Void> moved = consumer.seek(PLACE);
		assertThat(moved).isNotDone();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(moved).isCompleted();
	}

	@Test
	void consumerWhoseSubscriptionAnotherMovedForgetsWhatWasBefore() {
		this.broker.hold(Frame.Acknowledge.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "acknowledged", "in hand");
		takeAll(consumer);
		consumer.messages().acknowledge(id(0, 0), null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		FakeBroker.Received subscription = this.broker.last(Frame.Subscribe.class);
		long consumerId = ((Frame.Subscribe) subscription.frame()).consumerId();
		subscription.stream().say(0, new Frame.ConsumerClosed(consumerId, ErrorCode.SUBSCRIPTION_MOVED, "moved"));
		this.world.timer().advance(Duration.ofSeconds(1));
		this.fixture.deliver(0, "acknowledged", "in hand");
		assertThat(values(takeAll(consumer))).containsExactly("acknowledged", "in hand");
		assertThat(this.broker.frames(Frame.Acknowledge.class)).hasSize(1);
	}

	@Test
	void unsubscribingRemovesTheSubscriptionAndClosesTheConsumer() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		CompletableFuture<Void> stored = new CompletableFuture<>();
		consumer.messages().acknowledge(id(0, 0), stored);
		assertThat(consumer.unsubscribe()).isCompleted();
		assertThat(consumer.closed()).isCompleted();
		assertThat(stored).isCompleted();
		assertThat(this.broker.frames(Frame.Unsubscribe.class)).hasSize(1);
		assertThat(this.broker.frames(Frame.CloseConsumer.class)).isEmpty();
		assertThat(this.world.pool().lent()).isZero();
		assertThat(failure(consumer.unsubscribe())).isEqualTo(ErrorCode.CLOSED);
	}

	@Test
	void subscriptionWithOtherConsumersStaysAndSoDoesTheConsumer() {
		this.broker.refuse(Frame.Unsubscribe.class, ErrorCode.SUBSCRIPTION_BUSY);
		ConsumerCore<String> consumer = this.fixture.open();
		assertThat(failure(consumer.unsubscribe())).isEqualTo(ErrorCode.SUBSCRIPTION_BUSY);
		this.fixture.deliver(0, "a");
		assertThat(values(takeAll(consumer))).containsExactly("a");
	}

	@Test
	void momentsArePlacesOfWholeMilliseconds() {
		assertThat(SeekTarget.at(Instant.ofEpochMilli(7)).apply(1)).isEqualTo(new Frame.SeekTime(1, 7));
		assertThat(SeekTarget.at(Instant.ofEpochMilli(7).plusNanos(1)).apply(1)).isEqualTo(new Frame.SeekTime(1, 8));
		assertThat(SeekTarget.at(Instant.MIN)).isEqualTo(SeekTarget.EARLIEST);
		assertThat(SeekTarget.at(Instant.MAX)).isEqualTo(SeekTarget.LATEST);
		MessageId id = id(3, 4);
		assertThat(SeekTarget.after(id).apply(1)).isEqualTo(new Frame.SeekId(1, id(3, 5)));
	}

	private static ErrorCode failure(CompletableFuture<?> future) {
		assertThat(future).isCompletedExceptionally();
		return Failures.of(future.handle((value, failure) -> failure).join()).code();
	}

}
