package io.weir.broker.engine.subscription;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Moving a subscription. */
class SeekTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	@BeforeEach
	void publishFourEntriesOfThree() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(4, 3);
	}

	@Test
	void acknowledgedMessagesMustComeAgainFromTheOneThatWasSought() {
		this.topic.consume(FIRST, "s", 100);
		sequences(FIRST);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		assertDone(this.topic.seek(FIRST, id(1, 1)));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(8);
		assertThat(sequences(FIRST)).as("without permits").isEmpty();
		this.topic.flow(FIRST, 100);
		List<Delivery> again = this.topic.deliveries(FIRST);
		assertThat(again).extracting(Delivery::sequence).containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
		assertThat(again).extracting(Delivery::redeliveryCount).containsOnly(0);
	}

	@Test
	void positionMustSurviveARestartForwardAndBackward() {
		this.topic.consume(FIRST, "s", 3);
		sequences(FIRST);
		this.topic.acknowledge(FIRST, id(2, 1));
		assertDone(this.topic.seek(FIRST, id(3, 1)));
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(2);
		this.topic.consume(FIRST, "s", 100);
		assertThat(sequences(FIRST)).containsExactly(10L, 11L);
		assertDone(this.topic.seek(FIRST, id(2, 0)));
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(6);
		this.topic.consume(FIRST, "s", 100);
		assertThat(sequences(FIRST)).containsExactly(6L, 7L, 8L, 9L, 10L, 11L);
	}

	@Test
	void messageBeyondTheEndMustMeanTheNextToBeStored() {
		this.topic.consume(FIRST, "s", 1);
		sequences(FIRST);
		assertDone(this.topic.seek(FIRST, id(77, 5)));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		this.topic.publish(PRODUCER, 12, 1);
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).containsExactly(12L);
	}

	@Test
	void indexBeyondTheEntryMustMeanTheNextEntry() {
		this.topic.consume(FIRST, "s", 1);
		sequences(FIRST);
		assertDone(this.topic.seek(FIRST, id(1, 3)));
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).startsWith(6L);
	}

	@Test
	void placeAfterAFullBatchMustMeanTheNextEntry() {
		this.topic.publish(PRODUCER, 12, Limits.MAX_BATCH_MESSAGES);
		this.topic.publish(PRODUCER, 12 + Limits.MAX_BATCH_MESSAGES, 1);
		this.topic.consume(FIRST, "s", 0);
		assertDone(this.topic.seek(FIRST, id(4, Limits.MAX_BATCH_MESSAGES)));
		assertThat(this.topic.subscription("s").backlog()).isOne();
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isOne();
		this.topic.consume(FIRST, "s", 10);
		assertThat(this.topic.deliveries(FIRST)).extracting(Delivery::id).containsExactly(id(5, 0));
	}

	@Test
	void lastMessageOfAFullBatchMustBeSoughtAndAcknowledged() {
		this.topic.publish(PRODUCER, 12, Limits.MAX_BATCH_MESSAGES);
		this.topic.consume(FIRST, "s", 0);
		assertDone(this.topic.seek(FIRST, id(4, Limits.MAX_BATCH_MESSAGES - 1)));
		this.topic.flow(FIRST, 10);
		assertThat(this.topic.deliveries(FIRST)).extracting(Delivery::id)
			.containsExactly(id(4, Limits.MAX_BATCH_MESSAGES - 1));
		assertDone(this.topic.acknowledgeUpTo(FIRST, id(4, Limits.MAX_BATCH_MESSAGES - 1)));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		this.topic.restart();
		this.topic.consume(FIRST, "s", 10);
		assertThat(this.topic.deliveries(FIRST)).isEmpty();
	}

	@Test
	void placesAtTheLimitsOfTheProtocolMustBeTaken() {
		this.topic.consume(FIRST, "s", 0);
		Position last = new Position(Limits.MAX_POSITION, Limits.MAX_POSITION);
		assertDone(this.topic.seek(FIRST, last.message(Limits.MAX_BATCH_MESSAGES)));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertDone(this.topic.seek(FIRST, id(0, 0)));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(12);
		assertDone(this.topic.acknowledge(FIRST, last.message(Limits.MAX_BATCH_MESSAGES - 1)));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(12);
		assertDone(this.topic.acknowledgeUpTo(FIRST, last.message(Limits.MAX_BATCH_MESSAGES - 1)));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isZero();
	}

	@Test
	void timeMustMeanTheFirstEntryStoredThenOrLater() {
		long between = this.topic.now();
		this.topic.publish(PRODUCER, 12, 2);
		this.topic.consume(FIRST, "s", 1);
		assertDone(this.topic.seek(FIRST, between));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(2);
		this.topic.flow(FIRST, 100);
		sequences(FIRST);
		assertDone(this.topic.seek(FIRST, 0));
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).hasSize(14).startsWith(0L);
		assertDone(this.topic.seek(FIRST, Long.MAX_VALUE));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		this.topic.publish(PRODUCER, 14, 1);
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).containsExactly(14L);
	}

	@Test
	void otherConsumersMustBeToldToComeAgain() {
		this.topic.share(FIRST, "s", 3);
		this.topic.share(SECOND, "s", 3);
		assertDone(this.topic.seek(FIRST, id(0, 0)));
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).singleElement().satisfies((closed) -> {
			assertThat(closed.consumer()).isEqualTo(SECOND);
			assertThat(closed.code()).isEqualTo(ErrorCode.SUBSCRIPTION_MOVED);
			assertThat(closed.code().retryable()).isTrue();
		});
		assertThat(this.topic.subscription("s").consumers()).singleElement()
			.satisfies((consumer) -> assertThat(consumer.permits() + consumer.inFlight()).isZero());
		sequences(FIRST);
		sequences(SECOND);
		assertRefused(this.topic.acknowledge(SECOND, id(0, 0)), ErrorCode.UNKNOWN_CONSUMER, "1");
		this.topic.share(SECOND, "s", 100);
		assertThat(sequences(SECOND)).hasSize(12);
	}

	@Test
	void nothingMustBeDeliveredWhileTheSubscriptionIsBeingMoved() {
		this.topic.consume(FIRST, "s", 3);
		sequences(FIRST);
		this.topic.holdStorage();
		long acknowledge = this.topic.acknowledge(FIRST, id(0, 0));
		long seek = this.topic.seek(FIRST, id(3, 0));
		long waiting = this.topic.acknowledge(FIRST, id(0, 1));
		this.topic.flow(FIRST, 50);
		assertThat(sequences(FIRST)).isEmpty();
		assertRefused(this.topic.seek(FIRST, id(1, 0)), ErrorCode.SUBSCRIPTION_BUSY, "is being moved");
		assertRefused(this.topic.unsubscribe(FIRST), ErrorCode.SUBSCRIPTION_BUSY, "is being moved");
		assertThat(this.topic.answer(seek)).isNull();
		this.topic.releaseStorage();
		assertDone(acknowledge);
		assertDone(waiting);
		assertDone(seek);
		assertThat(this.topic.subscription("s").consumers().get(0).permits()).isZero();
		this.topic.flow(FIRST, 3);
		assertThat(sequences(FIRST)).containsExactly(9L, 10L, 11L);
	}

	@Test
	void subscriptionThatCannotBeMovedMustGoOn() {
		this.topic.consume(FIRST, "s", 3);
		sequences(FIRST);
		this.topic.holdStorage();
		long byId = this.topic.seek(FIRST, id(0, 0));
		this.topic.flow(FIRST, 3);
		this.topic.failNext("disk full");
		assertRefused(byId, ErrorCode.STORAGE_FAILED, "disk full");
		long byTime = this.topic.seek(FIRST, 0);
		this.topic.failNext("damaged");
		assertRefused(byTime, ErrorCode.STORAGE_FAILED, "damaged");
		this.topic.releaseStorage();
		assertThat(sequences(FIRST)).containsExactly(3L, 4L, 5L);
		assertDone(this.topic.acknowledge(FIRST, id(0, 0)));
	}

	@Test
	void seekMustBeCarriedOutThoughItsConsumerIsGone() {
		this.topic.consume(FIRST, "s", 3);
		sequences(FIRST);
		this.topic.holdStorage();
		this.topic.seek(FIRST, this.topic.now());
		this.topic.endSession(FIRST.session());
		this.topic.releaseStorage();
		assertThat(this.topic.subscription("s").backlog()).isZero();
		this.topic.consume(SECOND, "s", 100);
		assertThat(sequences(SECOND)).isEmpty();
	}

	@Test
	void readThatWasUnderWayMustBeForgotten() {
		this.topic.subscribe(FIRST, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		this.topic.holdStorage();
		this.topic.flow(FIRST, 100);
		Storing read = this.topic.underWay().remove();
		assertThat(read).isInstanceOf(Storing.Read.class);
		this.topic.seek(FIRST, id(3, 0));
		this.topic.storeAll();
		this.topic.underWay().add(read);
		this.topic.releaseStorage();
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).containsExactly(9L, 10L, 11L);
	}

	@Test
	void subscriptionThatIsNotDurableMustMoveWithoutStorage() {
		this.topic.read(FIRST, "r");
		this.topic.flow(FIRST, 100);
		sequences(FIRST);
		this.topic.holdStorage();
		assertDone(this.topic.seek(FIRST, id(3, 1)));
		this.topic.releaseStorage();
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).containsExactly(10L, 11L);
		assertDone(this.topic.seek(FIRST, 0));
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).hasSize(12);
		assertThat(this.topic.stored()).hasSize(4);
		this.topic.restart();
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
	}

}
