package io.weir.broker.engine.subscription;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.wire.BacklogReport;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** A consumer wants to know how far its subscription is behind. */
class AskBacklogTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Peer OTHER = new Peer(3, 1);

	private BacklogReport backlog(Peer consumer) {
		return ((Effect.BacklogTold) this.topic.answer(this.topic.askBacklog(consumer))).backlog();
	}

	@Test
	void backlogIsWhatIsStoredAndNotAcknowledgedByThisSubscription() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.consume(CONSUMER, "s", 0);
		this.topic.consume(OTHER, "other", 0);
		assertThat(backlog(CONSUMER)).isEqualTo(new BacklogReport(0, -1));
		publishEntries(3, 2);
		assertThat(backlog(CONSUMER)).as("nobody has asked for messages").isEqualTo(new BacklogReport(6, -1));
		this.topic.flow(CONSUMER, 4);
		this.topic.acknowledge(CONSUMER, id(0, 0), id(0, 1), id(1, 0));
		assertThat(backlog(CONSUMER).messages()).isEqualTo(3);
		assertThat(backlog(OTHER).messages()).isEqualTo(6);
	}

	@Test
	void oldestIsTheFirstThatIsLeftAlsoWhileItWaitsToBeDeliveredAgain() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.consume(CONSUMER, "s", 10);
		long first = this.topic.now();
		publishEntries(1, 1);
		this.topic.advance(Duration.ofSeconds(5));
		long second = this.topic.now();
		this.topic.publish(PRODUCER, 1, 1);
		this.topic.negativeAcknowledge(CONSUMER, Duration.ofHours(1), id(0));
		assertThat(backlog(CONSUMER)).isEqualTo(new BacklogReport(2, first));
		this.topic.acknowledge(CONSUMER, id(0));
		assertThat(backlog(CONSUMER)).isEqualTo(new BacklogReport(1, second));
	}

	@Test
	void whoIsNoConsumerIsRefused() {
		long asked = this.topic.askBacklog(CONSUMER);
		assertRefused(asked, ErrorCode.UNKNOWN_CONSUMER);
	}

}
