package io.weir.broker.engine.dispatch;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** A backlog is the difference of two places in the log. */
class BacklogTest extends TopicFixture {

	private static final StorageFailure FAILURE = new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "not now");

	private static final Peer CONSUMER = new Peer(2, 1);

	@BeforeEach
	void publishTenMessagesInFourEntries() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.publish(PRODUCER, 0, 1);
		this.topic.publish(PRODUCER, 1, 4);
		this.topic.publish(PRODUCER, 5, 2);
		this.topic.publish(PRODUCER, 7, 3);
	}

	@Test
	void subscriptionAtTheEndMustNotAskWhereThatIs() {
		this.topic.holdStorage();
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED, InitialPosition.LATEST);
		assertThat(this.topic.underWay()).hasOnlyElementsOfType(Storing.CreateCursor.class);
		this.topic.releaseStorage();
		this.topic.publish(PRODUCER, 10, 5);
		assertThat(backlog()).isEqualTo(5);
		this.topic.restart();
		assertThat(backlog()).isEqualTo(5);
	}

	@Test
	void backlogOfACursorMustBeKnownAfterARestart() {
		this.topic.consume(CONSUMER, "s", 5);
		this.topic.acknowledge(CONSUMER, new Position(0, 0).message(0), new Position(0, 1).message(2));
		assertThat(backlog()).isEqualTo(8);
		this.topic.restart();
		assertThat(backlog()).isEqualTo(8);
	}

	@Test
	void whatIsReadMustSayWhereItStandsThoughNobodyElseCould() {
		this.topic.holdStorage();
		this.topic.consume(CONSUMER, "s", 1);
		this.topic.storeNext();
		assertThat(this.topic.underWay()).hasExactlyElementsOfTypes(Storing.FindOrdinal.class, Storing.Read.class);
		this.topic.failNext(FAILURE);
		assertThat(backlog()).as("nothing is known").isZero();
		this.topic.releaseStorage();
		assertThat(backlog()).isEqualTo(10);
	}

	@Test
	void placeThatIsFoundLateMustNotCount() {
		this.topic.holdStorage();
		this.topic.consume(CONSUMER, "s", 1);
		this.topic.storeNext();
		Storing find = this.topic.underWay().remove();
		this.topic.storeNext();
		assertThat(backlog()).isEqualTo(10);
		this.topic.underWay().add(find);
		this.topic.releaseStorage();
		assertThat(backlog()).isEqualTo(10);
	}

	@Test
	void acknowledgingWhatWasNeverReadMustHaveItsPlaceLookedUp() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		this.topic.holdStorage();
		this.topic.acknowledgeUpTo(CONSUMER, new Position(0, 2).message(0));
		assertThat(this.topic.underWay()).hasExactlyElementsOfTypes(Storing.FindOrdinal.class,
				Storing.StoreAcknowledgements.class);
		assertThat(backlog()).as("until it is found").isEqualTo(9);
		this.topic.releaseStorage();
		assertThat(backlog()).isEqualTo(4);
	}

	@Test
	void backlogMustBeThatOfThePlaceThatTheSubscriptionWasMovedTo() {
		this.topic.consume(CONSUMER, "s", 10);
		this.topic.seek(CONSUMER, new Position(0, 2).message(1));
		assertThat(backlog()).isEqualTo(4);
		this.topic.seek(CONSUMER, new Position(0, 9).message(0));
		assertThat(backlog()).isZero();
		this.topic.seek(CONSUMER, new Position(0, 0).message(0));
		assertThat(backlog()).isEqualTo(10);
		assertThat(this.topic.figures().backlog()).isEqualTo(10);
	}

	private long backlog() {
		return this.topic.subscription("s").backlog();
	}

}
