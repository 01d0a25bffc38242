package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.Message;
import io.weir.wire.Frame;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.poll;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** What the broker delivers again because it was not acknowledged in time. */
class AckTimeoutTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@Test
	void messageThatTheApplicationHasLostIsGivenAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		assertThat(takeAll(consumer)).hasSize(1);
		this.fixture.redeliver(0, 1, "a");
		assertThat(takeAll(consumer)).extracting(Message::redeliveryCount).containsExactly(1);
		this.fixture.redeliver(0, 2, "a");
		assertThat(takeAll(consumer)).extracting(Message::redeliveryCount).containsExactly(2);
	}

	@Test
	void messageThatIsQueuedStillIsGivenOnceAtItsPlaceAndSaysHowOftenItCame() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		this.fixture.deliver(1, "c");
		this.fixture.redeliver(0, 1, "a", "b");
		this.fixture.redeliver(0, 2, "a", "b");
		assertThat(takeAll(consumer)).extracting(Message::value, Message::redeliveryCount)
			.containsExactly(tuple("a", 2), tuple("b", 2), tuple("c", 0));
	}

	@Test
	void copiesTakeNoPlacesAndTheirPermitsAreGrantedAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "0", "1", "2", "3");
		this.fixture.redeliver(0, 1, "0", "1", "2", "3");
		assertThat(takeAll(consumer)).hasSize(4);
		this.fixture.deliver(1, "4", "5", "6", "7", "8", "9");
		assertThat(takeAll(consumer)).hasSize(6);
		assertThat(this.fixture.granted()).as("for all that came, and more").isEqualTo(20);
	}

	@Test
	void messageThatIsAcknowledgedAfterAllIsNotGivenAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.broker.hold(Frame.Acknowledge.class);
		this.fixture.deliver(0, "a", "b");
		assertThat(poll(consumer)).isNotNull();
		this.fixture.redeliver(0, 1, "a", "b");
		consumer.messages().acknowledge(id(0, 0), new CompletableFuture<>());
		assertThat(values(takeAll(consumer))).containsExactly("b");
		this.fixture.redeliver(0, 2, "a", "b");
		assertThat(values(takeAll(consumer))).as("that was not acknowledged").containsExactly("b");
	}

	@Test
	void messageThatIsGivenBackAfterAllIsGivenWhenTheBrokerSaysSo() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.fixture.redeliver(0, 1, "a");
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.after(Duration.ofSeconds(5)));
		assertThat(takeAll(consumer)).isEmpty();
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).hasSize(1);
		this.fixture.redeliver(0, 2, "a");
		assertThat(takeAll(consumer)).hasSize(1);
	}

	@Test
	void messageInHandThatCameAgainIsStillNotGivenTwiceAcrossAReconnect() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.fixture.redeliver(0, 1, "a");
		this.world.reconnect();
		this.fixture.redeliver(0, 2, "a");
		assertThat(takeAll(consumer)).isEmpty();
	}

	/** Else the broker could never deliver it again: it has no permits. */
	@Test
	void copyOfAMessageThatIsGivenBackLeavesItsPlace() {
		this.fixture.receiverQueueSize = 1;
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.fixture.redeliver(0, 1, "a");
		assertThat(this.fixture.granted()).as("both have come").isEqualTo(2);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.after(Duration.ofSeconds(5)));
		assertThat(this.fixture.granted()).isEqualTo(3);
	}

	@Test
	void copyOfAMessageThatTheClientGivesBackInTimeLeavesItsPlace() {
		this.fixture.receiverQueueSize = 1;
		this.fixture.ackTimeout = Duration.ofSeconds(10);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.fixture.redeliver(0, 1, "a");
		this.world.timer().advance(Duration.ofSeconds(11));
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).hasSize(1);
		assertThat(this.fixture.granted()).isEqualTo(3);
	}

	@Test
	void copiesOfWhatIsAcknowledgedWithALaterMessageAreNotGivenAndLeaveTheirPlaces() {
		this.fixture.receiverQueueSize = 2;
		this.broker.hold(Frame.AcknowledgeUpTo.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		this.fixture.redeliver(0, 1, "a", "b");
		consumer.messages().acknowledgeUpTo(id(0, 1), new CompletableFuture<>());
		assertThat(takeAll(consumer)).as("before the broker has confirmed it").isEmpty();
		assertThat(this.fixture.granted()).isEqualTo(6);
	}

	@Test
	void timeOfAMessageThatCameAgainDelaysThatOfNoOther() {
		this.fixture.ackTimeout = Duration.ofSeconds(10);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.world.timer().advance(Duration.ofSeconds(1));
		this.fixture.deliver(1, "b");
		takeAll(consumer);
		this.world.timer().advance(Duration.ofSeconds(4));
		this.fixture.redeliver(0, 1, "a");
		takeAll(consumer);
		this.world.timer().advance(Duration.ofSeconds(7));
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).singleElement()
			.satisfies((frame) -> assertThat(frame.ids()).containsExactly(id(1, 0)));
	}

}
