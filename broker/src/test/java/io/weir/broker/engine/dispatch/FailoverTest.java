package io.weir.broker.engine.dispatch;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** One consumer is active, the others wait. */
class FailoverTest extends TopicFixture {

	private static final Peer FIRST = new Peer(9, 1);

	private static final Peer SECOND = new Peer(3, 1);

	private static final Peer THIRD = new Peer(5, 1);

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void firstToComeMustGetEverything() {
		standBy(100);
		publish(0, 6);
		assertThat(sequences(FIRST)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
		assertThat(sequences(SECOND)).isEmpty();
		assertThat(sequences(THIRD)).isEmpty();
	}

	@Test
	void nextToHaveComeMustTakeOverInOrderWhatIsNotAcknowledged() {
		standBy(4);
		publish(0, 6);
		sequences(FIRST);
		this.topic.acknowledge(FIRST, id(1));
		this.topic.endSession(FIRST.session());
		assertThat(sequences(SECOND)).containsExactly(0L, 2L, 3L, 4L);
		this.topic.endSession(SECOND.session());
		assertThat(this.topic.deliveries(THIRD)).containsExactly(new Delivery(id(0), 0, 2), new Delivery(id(2), 2, 2),
				new Delivery(id(3), 3, 2), new Delivery(id(4), 4, 1));
	}

	@Test
	void oneInWaitingThatGoesMustChangeNothing() {
		standBy(100);
		publish(0, 2);
		this.topic.endSession(SECOND.session());
		publish(2, 2);
		assertThat(this.topic.deliveries(FIRST)).extracting(Delivery::redeliveryCount).containsExactly(0, 0, 0, 0);
		this.topic.endSession(FIRST.session());
		assertThat(sequences(THIRD)).containsExactly(0L, 1L, 2L, 3L);
	}

	@Test
	void activeConsumerWithoutPermitsMustStayActive() {
		standBy(1);
		publish(0, 3);
		assertThat(sequences(FIRST)).containsExactly(0L);
		assertThat(sequences(SECOND)).isEmpty();
		this.topic.flow(FIRST, 5);
		assertThat(sequences(FIRST)).containsExactly(1L, 2L);
	}

	@Test
	void messagesOfOneBatchMustComeAgainInOrderHoweverOftenEachWasDelivered() {
		standBy(100);
		this.topic.publish(PRODUCER, 0, 5);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, new Position(0, 0).message(2));
		assertThat(sequences(FIRST)).containsExactly(2L);
		this.topic.endSession(FIRST.session());
		List<Delivery> again = this.topic.deliveries(SECOND);
		assertThat(again).extracting(Delivery::sequence).containsExactly(0L, 1L, 2L, 3L, 4L);
		assertThat(again).extracting(Delivery::redeliveryCount).containsExactly(1, 1, 2, 1, 1);
	}

	@Test
	void consumerInWaitingMayAcknowledgeWhatTheActiveOneHas() {
		standBy(100);
		publish(0, 3);
		sequences(FIRST);
		this.topic.acknowledgeUpTo(SECOND, id(1));
		assertThat(this.topic.subscription("s").inFlight()).isOne();
		this.topic.endSession(FIRST.session());
		assertThat(sequences(SECOND)).containsExactly(2L);
	}

	private void standBy(int permits) {
		List.of(FIRST, SECOND, THIRD).forEach((consumer) -> this.topic.standBy(consumer, "s", permits));
	}

	private void publish(long first, int entries) {
		IntStream.range(0, entries).forEach((i) -> this.topic.publish(PRODUCER, first + i, 1));
	}

}
