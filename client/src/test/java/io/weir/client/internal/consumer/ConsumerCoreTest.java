package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBufAllocator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.poll;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ConsumerCoreTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@Test
	void messagesHaveWhatTheBrokerDelivered() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(7, "a", "b");
		Message<String> first = poll(consumer);
		Message<String> second = poll(consumer);
		assertThat(first).isNotNull();
		assertThat(second).isNotNull();
		assertThat(second.id()).isEqualTo(id(7, 1));
		assertThat(second.value()).isEqualTo("b");
		assertThat(second.key()).isEqualTo("key");
		assertThat(second.sequenceId()).isEqualTo(701);
		assertThat(second.producerName()).isEqualTo("producer");
		assertThat(second.publishTime()).hasToString("1970-01-01T00:00:01Z");
		assertThat(poll(consumer)).isNull();
	}

	@Test
	void permitsAreReplenishedInHalvesForEver() {
		ConsumerCore<String> consumer = this.fixture.open();
		assertThat(this.fixture.granted()).isEqualTo(10);
		int delivered = 0;
		for (int round = 0; round < 20; round++) {
			for (int i = 0; i < 5; i++) {
				this.fixture.deliver(delivered++, "a");
			}
			takeAll(consumer);
			assertThat(this.fixture.granted()).isEqualTo(10 + delivered);
		}
		assertThat(this.broker.frames(Frame.Flow.class)).extracting(Frame.Flow::permits).startsWith(10, 5, 5);
	}

	@Test
	void messagesPassedOverUseNoPermits() {
		ConsumerCore<String> consumer = this.fixture.open();
		BitSet acknowledged = new BitSet();
		acknowledged.set(0, 9);
		this.fixture.deliver(0, acknowledged, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
		assertThat(takeAll(consumer)).extracting(Message::id).containsExactly(id(0, 9));
		this.fixture.deliver(1, "0", "1", "2", "3");
		takeAll(consumer);
		assertThat(this.fixture.granted()).as("granted again, for the five that came").isEqualTo(15);
	}

	@Test
	void partOfAnEntryHasTheIdsOfItsPlaceInTheEntry() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliverPart(7, 3, "d", "e");
		List<Message<String>> taken = takeAll(consumer);
		assertThat(taken).extracting(Message::id).containsExactly(id(7, 3), id(7, 4));
		assertThat(taken).extracting(Message::sequenceId).containsExactly(703L, 704L);
	}

	@Test
	void unreadMessagesHoldTheBrokerBack() {
		this.fixture.open();
		this.fixture.deliver(0, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
		assertThat(this.fixture.granted()).isEqualTo(10);
	}

	@Test
	void pausedConsumerGrantsNothingUntilItIsResumed() {
		ConsumerCore<String> consumer = this.fixture.open();
		consumer.messages().pause();
		this.fixture.deliver(0, "0", "1", "2", "3", "4", "5", "6", "7");
		assertThat(takeAll(consumer)).hasSize(8);
		assertThat(this.fixture.granted()).isEqualTo(10);
		this.world.reconnect();
		assertThat(this.fixture.granted()).isZero();
		consumer.messages().resume();
		assertThat(this.fixture.granted()).isEqualTo(10);
	}

	@Test
	void batchHasWhatIsThereWhenTheTimeIsOverOrAllThatWereAskedFor() throws Exception {
		ConsumerCore<String> consumer = this.fixture.open();
		assertThat(consumer.messages().receive(3, Duration.ZERO)).isEmpty();
		this.fixture.deliver(0, "a", "b", "c", "d");
		assertThat(values(consumer.messages().receive(3, Duration.ofSeconds(30)))).containsExactly("a", "b", "c");
		assertThat(values(consumer.messages().receive(3, Duration.ZERO))).containsExactly("d");
	}

	@Test
	void interruptedBatchPutsItsMessagesBack() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		Thread waiting = Thread.currentThread();
		new Thread(() -> {
			await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
			waiting.interrupt();
		}).start();
		assertThatExceptionOfType(InterruptedException.class)
			.isThrownBy(() -> consumer.messages().receive(3, Duration.ofMinutes(10)));
		assertThat(values(takeAll(consumer))).containsExactly("a", "b");
	}

	@Test
	void acknowledgementsAreGrouped() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b", "c");
		takeAll(consumer).forEach((message) -> consumer.messages().acknowledge(message.id(), null));
		assertThat(this.broker.frames(Frame.Acknowledge.class)).isEmpty();
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(this.broker.frames(Frame.Acknowledge.class)).extracting(Frame.Acknowledge::ids)
			.containsExactly(List.of(id(0, 0), id(0, 1), id(0, 2)));
	}

	@Test
	void thousandAcknowledgementsDoNotWait() {
		ConsumerCore<String> consumer = this.fixture.open();
		for (int i = 0; i < 1000; i++) {
			consumer.messages().acknowledge(id(i, 0), null);
		}
		assertThat(this.broker.frames(Frame.Acknowledge.class)).hasSize(1);
	}

	@Test
	void acknowledgementIsSentAgainAfterAReconnectAndThenConfirmed() {
		this.broker.hold(Frame.Acknowledge.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		CompletableFuture<Void> stored = new CompletableFuture<>();
		consumer.messages().acknowledge(id(0, 0), stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		consumer.messages().acknowledge(id(0, 1), null);
		this.broker.holdNothing();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(stored).isCompleted();
		assertThat(this.broker.last(Frame.Acknowledge.class).frame()).extracting("ids")
			.asInstanceOf(InstanceOfAssertFactories.list(MessageId.class))
			.containsExactlyInAnyOrder(id(0, 0), id(0, 1));
	}

	@Test
	void acknowledgementThatTheBrokerCannotStoreNowIsRepeated() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.broker.refuse(Frame.Acknowledge.class, ErrorCode.OVERLOADED);
		CompletableFuture<Void> stored = new CompletableFuture<>();
		consumer.messages().acknowledge(id(0, 0), stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(stored).isNotDone();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(stored).isCompleted();
	}

	@Test
	void refusedAcknowledgementIsToldAndKeptForTheNextSession() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.broker.refuse(Frame.Acknowledge.class, ErrorCode.STORAGE_FAILED);
		CompletableFuture<Void> stored = new CompletableFuture<>();
		consumer.messages().acknowledge(id(0, 0), stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(stored).isCompletedExceptionally();
		this.world.reconnect();
		assertThat(this.broker.frames(Frame.Acknowledge.class)).extracting(Frame.Acknowledge::ids)
			.containsExactly(List.of(id(0, 0)), List.of(id(0, 0)));
	}

	@Test
	void redeliveredMessagesInHandAreNotGivenAgain() {
		this.broker.hold(Frame.Acknowledge.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "given", "acknowledged", "queued");
		poll(consumer);
		poll(consumer);
		consumer.messages().acknowledge(id(0, 1), null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		this.world.reconnect();
		this.fixture.deliver(0, "given", "acknowledged", "queued");
		this.fixture.deliver(1, "new");
		assertThat(values(takeAll(consumer))).containsExactly("queued", "new");
	}

	@Test
	void redeliveredMessagesThatAreDroppedGiveTheirPermitsBack() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
		takeAll(consumer);
		this.world.reconnect();
		assertThat(this.fixture.granted()).isEqualTo(10);
		this.fixture.deliver(0, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
		assertThat(this.fixture.granted()).isEqualTo(20);
	}

	@Test
	void messageGivenBackIsGivenAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW);
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).extracting(Frame.NegativeAcknowledge::ids)
			.containsExactly(List.of(id(0, 0)));
		this.fixture.deliver(0, "a");
		assertThat(values(takeAll(consumer))).containsExactly("a");
	}

	@Test
	void messageGivenBackWhileDisconnectedIsGivenAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		consumer.messages().refuse(id(0, 1), Refusal.NOT_NOW);
		this.world.timer().advance(Duration.ofSeconds(1));
		this.fixture.deliver(0, "a", "b");
		assertThat(values(takeAll(consumer))).containsExactly("b");
	}

	@Test
	void queueIsClearedWithTheConnectionBecauseAllComesAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(poll(consumer)).isNull();
		this.world.timer().advance(Duration.ofSeconds(1));
		this.fixture.deliver(0, "a", "b");
		assertThat(values(takeAll(consumer))).containsExactly("a", "b");
	}

	@Test
	void consumerThatComesBackSaysThatItIsTheSameWithALaterEpoch() {
		ConsumerCore<String> consumer = this.fixture.open();
		FakeStream first = this.broker.last(Frame.Subscribe.class).stream();
		first.end(null);
		assertThat(consumer.isConnected()).isFalse();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(consumer.isConnected()).isTrue();
		this.world.reconnect();
		List<ConsumerInstance> introduced = this.broker.frames(Frame.Subscribe.class)
			.stream()
			.map(Frame.Subscribe::instance)
			.toList();
		assertThat(introduced).hasSize(3).extracting(ConsumerInstance::id).containsOnly(introduced.get(0).id());
		assertThat(introduced).extracting(ConsumerInstance::epoch).containsExactly(1L, 2L, 3L);
		assertThat(this.fixture.granted()).isEqualTo(10);
		assertThat(this.world.pool().lent()).isEqualTo(1);
	}

	@Test
	void busySubscriptionIsToldToOneWhoSubscribesAndRetriedByOneWhoHadIt() {
		this.broker.refuse(Frame.Subscribe.class, ErrorCode.SUBSCRIPTION_BUSY);
		this.fixture.open();
		assertThat(this.fixture.subscribed).isCompletedExceptionally();
		ConsumerCore<String> consumer = this.fixture.open();
		this.broker.refuse(Frame.Subscribe.class, ErrorCode.SUBSCRIPTION_BUSY);
		this.broker.refuse(Frame.Subscribe.class, ErrorCode.SUBSCRIPTION_BUSY);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		this.world.timer().advance(Duration.ofMillis(100));
		assertThat(consumer.isConnected()).isFalse();
		this.world.timer().advance(Duration.ofMillis(300));
		assertThat(consumer.isConnected()).isTrue();
	}

	@Test
	void consumerThatTheBrokerRefusesForGoodFailsItsReceivers() {
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Message<String>> waiting = consumer.messages().receiveAsync();
		this.broker.refuse(Frame.Subscribe.class, ErrorCode.SUBSCRIPTION_TYPE_MISMATCH);
		this.world.reconnect();
		assertThat(Failures.of(waiting.handle((value, failure) -> failure).join()).code())
			.isEqualTo(ErrorCode.SUBSCRIPTION_TYPE_MISMATCH);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> poll(consumer))
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.SUBSCRIPTION_TYPE_MISMATCH);
		assertThat(consumer.closed()).isCompleted();
		assertThat(this.world.pool().lent()).isZero();
	}

	@Test
	void consumerClosedByTheBrokerSubscribesAgainWhenThatMakesSense() {
		ConsumerCore<String> consumer = this.fixture.open();
		FakeBroker.Received subscription = this.broker.last(Frame.Subscribe.class);
		long consumerId = ((Frame.Subscribe) subscription.frame()).consumerId();
		subscription.stream().say(0, new Frame.ConsumerClosed(consumerId, ErrorCode.OVERLOADED, "come back later"));
		assertThat(consumer.isConnected()).isFalse();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(consumer.isConnected()).isTrue();
	}

	@Test
	void garbageMakesTheConsumerSubscribeAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		FakeBroker.Received subscription = this.broker.last(Frame.Subscribe.class);
		long consumerId = ((Frame.Subscribe) subscription.frame()).consumerId();
		subscription.stream()
			.say(0, new Frame.Deliver(consumerId, Position.of(id(0, 0)), 0, 0, "p", 0, 3, new BitSet(),
					ByteBufAllocator.DEFAULT.directBuffer().writeLong(42)));
		assertThat(consumer.isConnected()).isFalse();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(consumer.isConnected()).isTrue();
	}

	@Test
	void waitingReceiversAreServedInTurnAndCancelledOnesTakeNothing() {
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Message<String>> cancelled = consumer.messages().receiveAsync();
		CompletableFuture<Message<String>> first = consumer.messages().receiveAsync();
		CompletableFuture<Message<String>> second = consumer.messages().receiveAsync();
		cancelled.cancel(false);
		this.fixture.deliver(0, "a", "b", "c");
		assertThat(first.join().value()).isEqualTo("a");
		assertThat(second.join().value()).isEqualTo("b");
		assertThat(consumer.messages().receiveAsync().join().value()).isEqualTo("c");
	}

}
