package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.MessageId;
import io.weir.transport.Connection;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

/** What is given up and acknowledged past, when the connection is lost in between. */
class GivenUpTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	private final CompletableFuture<Void> stored = new CompletableFuture<>();

	@BeforeEach
	void haveDeadLetters() {
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", 3);
	}

	@Test
	void damagedBatchOfWhichTheBrokerMayNotHaveHeardIsNotAcknowledgedWithWhatFollowsIt() {
		ConsumerCore<String> consumer = this.fixture.open();
		giveUpDamagedAndAcknowledgeWhatFollows(consumer);
		this.world.reconnect();
		assertThat(upTo()).isEmpty();
		assertThat(oneByOne()).containsExactly(id(0, 0), id(2, 0));
		assertThat(this.stored).isCompleted();
		this.fixture.deliverDamaged(1, "b", "c");
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).hasSize(2)
			.allSatisfy((frame) -> assertThat(frame.ids()).containsExactly(id(1, 0), id(1, 1)));
		this.fixture.deliver(3, "e");
		acknowledgeUpToTheLast(consumer);
		assertThat(upTo()).as("behind what the broker was told").containsExactly(id(3, 0));
	}

	@Test
	void batchThatComesIntactAfterItWasGivenUpIsGivenToTheApplication() {
		ConsumerCore<String> consumer = this.fixture.open();
		giveUpDamagedAndAcknowledgeWhatFollows(consumer);
		this.world.reconnect();
		this.fixture.deliver(1, "b", "c");
		consumer.messages().acknowledgeUpTo(id(2, 0), null);
		assertThat(values(takeAll(consumer))).as("though it is acknowledged past").containsExactly("b", "c");
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(upTo()).isEmpty();
		assertThat(oneByOne()).doesNotContain(id(1, 0), id(1, 1));
		this.fixture.deliver(3, "e");
		acknowledgeUpToTheLast(consumer);
		assertThat(upTo()).containsExactly(id(3, 0));
	}

	@Test
	void whatTheBrokerHasHeardOfNeedsNoCareInTheNextSession() {
		ConsumerCore<String> consumer = this.fixture.open();
		giveUpDamagedAndAcknowledgeWhatFollows(consumer);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(upTo()).containsExactly(id(2, 0));
		this.world.reconnect();
		this.fixture.deliver(3, "e");
		acknowledgeUpToTheLast(consumer);
		assertThat(upTo()).containsExactly(id(2, 0), id(3, 0));
	}

	@Test
	void messageThatTheApplicationHasGivenUpIsNotAcknowledgedWithWhatFollowsIt() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b", "c");
		takeAll(consumer);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.toDeadLetter());
		consumer.messages().acknowledgeUpTo(id(0, 1), this.stored);
		this.world.reconnect();
		assertThat(upTo()).isEmpty();
		assertThat(oneByOne()).containsExactly(id(0, 1));
		this.fixture.redeliver(0, 1, "a", "b", "c");
		assertThat(values(takeAll(consumer))).containsExactly("a");
	}

	@Test
	void messageThatIsGivenUpWhileThereIsNoConnectionIsNotAcknowledgedWithWhatFollowsIt() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.toDeadLetter());
		consumer.messages().acknowledgeUpTo(id(0, 1), this.stored);
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(upTo()).isEmpty();
		assertThat(oneByOne()).containsExactly(id(0, 1));
		assertThat(this.stored).isCompleted();
	}

	@Test
	void acknowledgingUpToWhatWasGivenUpAloneAcknowledgesNothing() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.toDeadLetter());
		consumer.messages().acknowledgeUpTo(id(0, 0), null);
		consumer.messages().acknowledgeUpTo(id(0, 0), this.stored);
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.stored).isCompleted();
		assertThat(upTo()).isEmpty();
		assertThat(oneByOne()).isEmpty();
	}

	/** The broker is told behind the caller's back. */
	@Test
	void messageThatIsGivenUpIsToldToBeThoughAllIsAcknowledgedMeanwhile() {
		UnacknowledgedMessages unacknowledged = new UnacknowledgedMessages(0);
		unacknowledged.give(id(0, 0), 0, 0);
		unacknowledged.give(id(0, 1), 0, 0);
		unacknowledged.refuse(id(0, 0));
		unacknowledged.refuse(id(0, 1));
		unacknowledged.acknowledgeUpTo(id(0, 2));
		assertThat(unacknowledged.giveBack(id(0, 0), true)).isTrue();
		assertThat(unacknowledged.giveBack(id(0, 1), false)).as("acknowledged after all").isFalse();
	}

	private void giveUpDamagedAndAcknowledgeWhatFollows(ConsumerCore<String> consumer) {
		this.fixture.deliver(0, "a");
		this.fixture.deliverDamaged(1, "b", "c");
		Connection first = this.world.connection();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.world.connection()).isNotSameAs(first);
		this.fixture.deliver(0, "a");
		this.fixture.deliverDamaged(1, "b", "c");
		this.fixture.deliver(2, "d");
		assertThat(values(takeAll(consumer))).containsExactly("a", "d");
		consumer.messages().acknowledgeUpTo(id(2, 0), this.stored);
	}

	private void acknowledgeUpToTheLast(ConsumerCore<String> consumer) {
		List<MessageId> taken = takeAll(consumer).stream().map((message) -> message.id()).toList();
		consumer.messages().acknowledgeUpTo(taken.get(taken.size() - 1), null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
	}

	private List<MessageId> upTo() {
		return this.broker.frames(Frame.AcknowledgeUpTo.class).stream().map(Frame.AcknowledgeUpTo::id).toList();
	}

	private List<MessageId> oneByOne() {
		return this.broker.frames(Frame.Acknowledge.class).stream().flatMap((frame) -> frame.ids().stream()).toList();
	}

}
