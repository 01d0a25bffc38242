package io.weir.broker.engine.subscription;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicHarness;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.store.CursorChange;
import io.weir.message.MessageId;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What it costs that messages are not acknowledged before such as are. */
class AckHolesTest {

	private static final Peer PRODUCER = new Peer(1, 1);

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final int MESSAGES = 500;

	private final TopicHarness topic = new TopicHarness();

	@BeforeEach
	void publish() {
		this.topic.openProducer(PRODUCER, "p");
		LongStream.range(0, MESSAGES).forEach((sequence) -> this.topic.publish(PRODUCER, sequence, 1));
		this.topic.share(CONSUMER, "s", MESSAGES);
	}

	@AfterEach
	void closeAndCheckThatEveryBufferIsReleased() {
		assertThat(this.topic.close()).isZero();
	}

	@Test
	void whatIsStoredMustGrowWithTheHolesAndNotWithWhatIsAcknowledged() {
		CursorChange stored = stored(ids(1, MESSAGES));
		assertThat(stored.acknowledgedUpTo()).isEqualTo(Position.BEFORE_FIRST);
		assertThat(stored.holesUpTo()).isEqualTo(at(MESSAGES - 1));
		assertThat(stored.kept()).containsOnlyKeys(at(0));
		assertThat(stored.forgotten()).isEmpty();
	}

	@Test
	void acknowledgementMustBeStoredWithoutTheOtherHoles() {
		this.topic.acknowledge(CONSUMER, ids(MESSAGES - 1, MESSAGES));
		CursorChange filled = stored(ids(7, 8));
		assertThat(filled.kept()).isEmpty();
		assertThat(filled.forgotten()).containsExactly(at(7));
		CursorChange first = stored(ids(0, 7));
		assertThat(first.acknowledgedUpTo()).isEqualTo(at(7));
		assertThat(first.kept()).isEmpty();
		assertThat(first.forgotten()).hasSize(7);
	}

	@Test
	void onlyTheHolesMustBeReadAfterARestart() {
		this.topic.acknowledge(CONSUMER, ids(1, 250));
		this.topic.acknowledge(CONSUMER, ids(251, MESSAGES));
		this.topic.restart();
		this.topic.holdStorage();
		this.topic.share(CONSUMER, "s", MESSAGES);
		assertThat(nextRead()).isEqualTo(at(0));
		this.topic.releaseStorage();
		assertThat(delivered()).containsExactly(0L, 250L);
		this.topic.acknowledge(CONSUMER, ids(0, 1));
		this.topic.acknowledge(CONSUMER, ids(250, 251));
		this.topic.restart();
		this.topic.publish(PRODUCER, MESSAGES, 1);
		this.topic.openProducer(PRODUCER, "p");
		this.topic.publish(PRODUCER, MESSAGES, 1);
		this.topic.share(CONSUMER, "s", MESSAGES);
		assertThat(delivered()).containsExactly((long) MESSAGES);
	}

	private Position nextRead() {
		return this.topic.underWay()
			.stream()
			.filter(Storing.Read.class::isInstance)
			.map((read) -> ((Storing.Read) read).from())
			.findFirst()
			.orElseThrow();
	}

	private List<Long> delivered() {
		return this.topic.deliveries(CONSUMER).stream().map(Delivery::sequence).toList();
	}

	/** What the store is told when messages are acknowledged. */
	private CursorChange stored(List<MessageId> ids) {
		this.topic.holdStorage();
		this.topic.acknowledge(CONSUMER, ids);
		CursorChange change = this.topic.underWay()
			.stream()
			.filter(Storing.StoreAcknowledgements.class::isInstance)
			.map((store) -> ((Storing.StoreAcknowledgements) store).change())
			.findFirst()
			.orElseThrow();
		this.topic.releaseStorage();
		return change;
	}

	private static List<MessageId> ids(int from, int to) {
		return IntStream.range(from, to).mapToObj((entry) -> at(entry).message(0)).toList();
	}

	private static Position at(long entry) {
		return new Position(0, entry);
	}

}
