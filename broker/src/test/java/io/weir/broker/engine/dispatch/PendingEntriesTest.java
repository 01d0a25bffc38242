package io.weir.broker.engine.dispatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicHarness;
import io.weir.message.MessageId;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What counts against the limit of entries that were read and are not acknowledged. */
class PendingEntriesTest {

	private static final Peer PRODUCER = new Peer(1, 1);

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final int LIMIT = 800;

	private final Budgets budgets = new Budgets(
			(limit) -> (limit == BrokerLimit.PENDING_ENTRIES) ? LIMIT : Long.MAX_VALUE);

	private final TopicHarness topic = new TopicHarness("topic", this.budgets);

	@BeforeEach
	void publish() {
		this.topic.openProducer(PRODUCER, "p");
		for (int i = 0; i < 3; i++) {
			this.topic.publish(PRODUCER, i, 1);
		}
	}

	@AfterEach
	void nothingMustCountOnceTheTopicIsClosed() {
		assertThat(this.topic.close()).as("buffers not released").isZero();
		assertThat(used()).isZero();
	}

	@Test
	void roomMustBeTakenForWhatIsBeingReadUntilItIs() {
		readSlowly();
		assertThat(used()).isEqualTo(LIMIT / PendingShare.PART);
		this.topic.releaseStorage();
		assertThat(used()).isEqualTo(3);
	}

	@Test
	void roomMustBeFreeAgainWhenReadingFails() {
		readSlowly();
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "not now"));
		assertThat(used()).isZero();
	}

	@Test
	void bytesThatWereReadForAConsumerThatIsGoneMustBeLetGo() {
		readSlowly();
		this.topic.endSession(CONSUMER.session());
		this.topic.releaseStorage();
		this.topic.share(CONSUMER, "s", 10);
		assertThat(this.topic.deliveries(CONSUMER)).hasSize(3);
	}

	@Test
	void whatIsAcknowledgedMustCountNoMore() {
		this.topic.share(CONSUMER, "s", 2);
		this.topic.deliveries(CONSUMER);
		assertThat(used()).isEqualTo(3);
		this.topic.acknowledge(CONSUMER, id(0), id(1));
		assertThat(used()).isOne();
		this.topic.acknowledge(CONSUMER, id(2));
		assertThat(used()).isZero();
	}

	@Test
	void whatIsPendingMustCountNoMoreWhenTheSubscriptionIsMovedOrDeleted() {
		this.topic.share(CONSUMER, "s", 2);
		assertThat(used()).isEqualTo(3);
		this.topic.seek(CONSUMER, id(1));
		assertThat(used()).isZero();
		this.topic.flow(CONSUMER, 2);
		assertThat(used()).isEqualTo(2);
		this.topic.unsubscribe(CONSUMER);
		assertThat(used()).isZero();
	}

	/** Leaves a subscription's first read under way. */
	private void readSlowly() {
		this.topic.share(CONSUMER, "s", 0);
		this.topic.holdStorage();
		this.topic.flow(CONSUMER, 10);
		assertThat(this.topic.underWay()).hasExactlyElementsOfTypes(Storing.Read.class);
	}

	private long used() {
		return this.budgets.of(BrokerLimit.PENDING_ENTRIES).used();
	}

	private static MessageId id(long entry) {
		return new Position(0, entry).message(0);
	}

}
