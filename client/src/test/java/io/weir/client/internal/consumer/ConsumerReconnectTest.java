package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.Message;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What is decided about a message before the broker delivers it again. */
class ConsumerReconnectTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@Test
	void confirmedMessageIsNotGivenAgainWhenItsRedeliveryComesLater() {
		this.fixture.type = SubscriptionType.SHARED;
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.world.reconnect();
		acknowledge(consumer, 0);
		redeliverOnAnotherStream();
		assertThat(takeAll(consumer)).isEmpty();
	}

	@Test
	void confirmedMessageIsGivenIfItIsDeliveredInALaterSession() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.world.reconnect();
		acknowledge(consumer, 0);
		this.world.reconnect();
		this.fixture.redeliver(0, 1, "a");
		assertThat(values(takeAll(consumer))).containsExactly("a");
	}

	@Test
	void confirmedMessageIsGivenAfterASeek() {
		this.fixture.type = SubscriptionType.SHARED;
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.world.reconnect();
		acknowledge(consumer, 0);
		assertThat(consumer.seek(SeekTarget.at(id(0, 0)))).isCompleted();
		this.fixture.deliver(0, "a");
		assertThat(values(takeAll(consumer))).containsExactly("a");
	}

	@Test
	void messageGivenBackBeforeItsRedeliveryComesIsGivenOnceAndInOrder() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.world.reconnect();
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.after(Duration.ofSeconds(5)));
		// Else the broker would deliver it twice.
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).isEmpty();
		this.fixture.redeliver(0, 1, "a");
		this.fixture.deliver(1, "b");
		assertThat(values(takeAll(consumer))).containsExactly("a", "b");
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.after(Duration.ZERO));
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).hasSize(1);
	}

	@Test
	void messageThatIsNotAcknowledgedInTimeIsGivenOnceWhenItsRedeliveryComesLater() {
		this.fixture.ackTimeout = Duration.ofSeconds(10);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.world.reconnect();
		this.world.timer().advance(Duration.ofSeconds(10));
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).isEmpty();
		this.fixture.redeliver(0, 1, "a");
		assertThat(values(takeAll(consumer))).containsExactly("a");
	}

	@Test
	void messagesOfAnInterruptedBatchAreGivenOnceWhenTheConnectionWasLost() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		receiveUntil(consumer, this.world::reconnect);
		this.fixture.redeliver(0, 1, "a", "b");
		assertThat(values(takeAll(consumer))).containsExactly("a", "b");
	}

	@Test
	void messagesOfAnInterruptedBatchAreGivenThoughTheyHaveComeAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		receiveUntil(consumer, () -> {
			this.world.reconnect();
			this.fixture.redeliver(0, 1, "a", "b");
		});
		assertThat(values(takeAll(consumer))).containsExactly("a", "b");
	}

	@Test
	void readerGivesMessagesOfAnInterruptedBatchOnceThoughTheConnectionIsLost() {
		this.fixture.readFrom = SeekTarget.EARLIEST;
		ConsumerCore<String> reader = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		receiveUntil(reader, () -> this.world.connection().breakDown(ErrorCode.CONNECTION_LOST));
		CompletableFuture<Message<String>> first = reader.messages().receiveAsync();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.broker.frames(Frame.SeekId.class)).containsExactly(new Frame.SeekId(lastConsumer(), id(0, 1)));
		this.fixture.deliver(0, "a", "b", "c");
		assertThat(first.join().value()).isEqualTo("a");
		assertThat(values(takeAll(reader))).containsExactly("b", "c");
	}

	@Test
	void readerGivesMessagesOfAnInterruptedBatchThoughTheBrokerGoesOnAfterThem() {
		this.fixture.readFrom = SeekTarget.EARLIEST;
		ConsumerCore<String> reader = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		this.broker.hold(Frame.SeekId.class);
		receiveUntil(reader, this.world::reconnect);
		assertThat(this.broker.frames(Frame.SeekId.class)).containsExactly(new Frame.SeekId(lastConsumer(), id(0, 2)));
		this.broker.answerHeld();
		this.fixture.deliver(1, "c");
		assertThat(values(takeAll(reader))).containsExactly("a", "b", "c");
	}

	private void acknowledge(ConsumerCore<String> consumer, long entry) {
		CompletableFuture<Void> stored = new CompletableFuture<>();
		consumer.messages().acknowledge(id(entry, 0), stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(stored).isCompleted();
	}

	private void redeliverOnAnotherStream() {
		this.fixture.deliver(this.world.connection().openedByPeer(), 0, new BitSet(), "a");
	}

	private long lastConsumer() {
		return ((Frame.Subscribe) this.broker.last(Frame.Subscribe.class).frame()).consumerId();
	}

	/** Waits for more messages than there are until something has happened. */
	private static void receiveUntil(ConsumerCore<String> consumer, Runnable event) {
		Thread waiting = Thread.currentThread();
		new Thread(() -> {
			await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
			event.run();
			waiting.interrupt();
		}).start();
		assertThatExceptionOfType(InterruptedException.class)
			.isThrownBy(() -> consumer.messages().receive(10, Duration.ofMinutes(10)));
	}

}
