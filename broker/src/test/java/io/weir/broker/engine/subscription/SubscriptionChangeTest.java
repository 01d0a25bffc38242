package io.weir.broker.engine.subscription;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.SubscriptionChange.Delete;
import io.weir.broker.engine.SubscriptionChange.MoveToMessage;
import io.weir.broker.engine.SubscriptionChange.MoveToTime;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Moving and deleting subscriptions by name, as administration does. */
class SubscriptionChangeTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	@BeforeEach
	void publishFour() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(4, 1);
	}

	@Test
	void subscriptionWithNobodyConnectedMustBeMoved() {
		leaveBehind("s");
		assertDone(this.topic.change("s", message(2)));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(2);
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(2);
		assertDone(this.topic.change("s", new MoveToTime(0)));
		this.topic.share(FIRST, "s", 10);
		assertThat(sequences(FIRST)).containsExactly(0L, 1L, 2L, 3L);
	}

	@Test
	void subscriptionWithNobodyConnectedMustBeDeleted() {
		leaveBehind("s");
		assertDone(this.topic.change("s", new Delete()));
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
		assertThat(this.topic.figures().backlog()).isZero();
		this.topic.restart();
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
	}

	@Test
	void allConsumersMustBeToldToComeAgainWhenTheirSubscriptionIsMoved() {
		this.topic.share(FIRST, "s", 1);
		this.topic.share(SECOND, "s", 1);
		assertDone(this.topic.change("s", message(0)));
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).extracting(Effect.ConsumerClosed::consumer)
			.containsExactlyInAnyOrder(FIRST, SECOND);
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).extracting(Effect.ConsumerClosed::code)
			.containsOnly(ErrorCode.SUBSCRIPTION_MOVED);
		this.topic.deliveries(FIRST);
		this.topic.deliveries(SECOND);
		assertRefused(this.topic.acknowledge(FIRST, new Position(0, 0).message(0)), ErrorCode.UNKNOWN_CONSUMER, "1");
		this.topic.share(FIRST, "s", 10);
		assertThat(sequences(FIRST)).containsExactly(0L, 1L, 2L, 3L);
	}

	@Test
	void subscriptionWithConsumersMustNotBeDeleted() {
		this.topic.share(FIRST, "s", 1);
		assertRefused(this.topic.change("s", new Delete()), ErrorCode.SUBSCRIPTION_BUSY,
				"Subscription 's' has consumers and cannot be removed");
		this.topic.endSession(FIRST.session());
		assertDone(this.topic.change("s", new Delete()));
	}

	@Test
	void subscriptionThatThereIsNotMustBeNamed() {
		for (SubscriptionChange change : List.of(message(0), new MoveToTime(0), new Delete())) {
			assertRefused(this.topic.change("s", change), ErrorCode.NOT_FOUND, "Topic topic has no subscription 's'");
		}
	}

	@Test
	void changesMustBeMadeOneAtATime() {
		this.topic.holdStorage();
		long created = this.topic.subscribe(FIRST, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST);
		assertRefused(this.topic.change("s", message(1)), ErrorCode.SUBSCRIPTION_BUSY, "is being created");
		this.topic.storeAll();
		assertDone(created);
		long moved = this.topic.change("s", message(1));
		assertRefused(this.topic.change("s", new Delete()), ErrorCode.SUBSCRIPTION_BUSY, "is being moved");
		assertRefused(this.topic.seek(FIRST, 0), ErrorCode.SUBSCRIPTION_BUSY, "is being moved");
		assertThat(this.topic.answer(moved)).isNull();
		this.topic.storeAll();
		assertDone(moved);
		long deleted = this.topic.change("s", new Delete());
		assertRefused(this.topic.change("s", message(1)), ErrorCode.SUBSCRIPTION_BUSY, "is being removed");
		this.topic.releaseStorage();
		assertDone(deleted);
	}

	@Test
	void subscriptionThatCannotBeChangedMustGoOnWithItsConsumers() {
		this.topic.share(FIRST, "s", 1);
		sequences(FIRST);
		this.topic.holdStorage();
		long moved = this.topic.change("s", message(3));
		this.topic.failNext("disk full");
		assertRefused(moved, ErrorCode.STORAGE_FAILED, "disk full");
		this.topic.releaseStorage();
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).isEmpty();
		this.topic.flow(FIRST, 1);
		assertThat(sequences(FIRST)).containsExactly(1L);
		this.topic.endSession(FIRST.session());
		this.topic.holdStorage();
		long deleted = this.topic.change("s", new Delete());
		this.topic.failNext("disk full");
		assertRefused(deleted, ErrorCode.STORAGE_FAILED, "disk full");
		this.topic.releaseStorage();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(4);
	}

	/** Its reader subscribes again, as it does after a reconnect, and says where. */
	@Test
	void subscriptionThatIsNotDurableMustEndWhenItIsMoved() {
		this.topic.read(FIRST, "r");
		assertRefused(this.topic.change("r", new Delete()), ErrorCode.SUBSCRIPTION_BUSY, "has consumers");
		assertDone(this.topic.change("r", message(2)));
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).extracting(Effect.ConsumerClosed::consumer)
			.containsExactly(FIRST);
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
	}

	@Test
	void moveOfASubscriptionThatEndsMeanwhileMustBeAnswered() {
		this.topic.read(FIRST, "r");
		this.topic.holdStorage();
		long moved = this.topic.change("r", new MoveToTime(0));
		this.topic.endSession(FIRST.session());
		assertRefused(moved, ErrorCode.NOT_FOUND, "has ended with its last consumer");
		this.topic.releaseStorage();
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
	}

	/** Everything was given to a consumer that has gone. */
	private void leaveBehind(String subscription) {
		this.topic.share(FIRST, subscription, 10);
		sequences(FIRST);
		this.topic.endSession(FIRST.session());
	}

	private static SubscriptionChange message(long entry) {
		return new MoveToMessage(new Position(0, entry).message(0));
	}

}
