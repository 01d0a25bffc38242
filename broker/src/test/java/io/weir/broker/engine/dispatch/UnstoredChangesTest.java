package io.weir.broker.engine.dispatch;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What is stored of acknowledgements, by what is known after a restart. */
class UnstoredChangesTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	@BeforeEach
	void publish() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(4, 2);
	}

	@Test
	void entryMustNotComeAgainOfWhichOneMessageWasAcknowledgedBeforeItWasReadAndTheOtherAfter() {
		deliverAllBeforeARestart();
		this.topic.acknowledge(CONSUMER, id(2, 0));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(7);
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).containsExactly(0L, 1L, 2L, 3L, 5L, 6L, 7L);
		this.topic.acknowledge(CONSUMER, id(2, 1));
		Cursor stored = this.topic.cursor("s");
		assertThat(stored.entries()).containsOnlyKeys(at(0), at(1));
		assertThat(stored.holesUpTo()).isEqualTo(at(2));
		assertThat(afterARestart()).containsExactly(0L, 1L, 2L, 3L, 6L, 7L);
	}

	@Test
	void entryMustNotComeAgainThatWasStoredAsPartlyAcknowledgedInAnEarlierLife() {
		deliverAllBeforeARestart();
		this.topic.acknowledge(CONSUMER, id(2, 0));
		this.topic.restart();
		this.topic.share(CONSUMER, "s", 100);
		assertThat(sequences(CONSUMER)).containsExactly(0L, 1L, 2L, 3L, 5L, 6L, 7L);
		this.topic.acknowledge(CONSUMER, id(2, 1), id(3, 0));
		assertThat(this.topic.cursor("s").entries()).containsOnlyKeys(at(0), at(1), at(3));
		assertThat(afterARestart()).containsExactly(0L, 1L, 2L, 3L, 7L);
	}

	@Test
	void acknowledgementsThatCouldNotBeStoredMustBeStoredWithTheNext() {
		this.topic.share(CONSUMER, "s", 100);
		sequences(CONSUMER);
		this.topic.holdStorage();
		long failed = this.topic.acknowledge(CONSUMER, id(1, 0));
		this.topic.failNext("disk full");
		assertThat(this.topic.answer(failed)).isInstanceOf(Effect.Refused.class);
		long next = this.topic.acknowledge(CONSUMER, id(2, 1));
		this.topic.releaseStorage();
		assertDone(next);
		assertThat(afterARestart()).containsExactly(0L, 1L, 3L, 4L, 6L, 7L);
	}

	@Test
	void onlyWhatLiesBetweenAcknowledgedMessagesMustBeStoredAsHoles() {
		Cursor first = cursorAfter(id(0, 0), id(0, 1));
		assertThat(first).isEqualTo(Cursor.at(SubscriptionType.SHARED, at(0)));
		Cursor second = cursorAfter(id(2, 0), id(2, 1));
		assertThat(second.acknowledgedUpTo()).isEqualTo(at(0));
		assertThat(second.holesUpTo()).isEqualTo(at(2));
		assertThat(second.entries()).containsOnlyKeys(at(1));
		Cursor third = cursorAfter(id(1, 0), id(1, 1));
		assertThat(third).isEqualTo(Cursor.at(SubscriptionType.SHARED, at(2)));
	}

	private Cursor cursorAfter(MessageId... acknowledged) {
		afterARestart();
		this.topic.acknowledge(CONSUMER, acknowledged);
		return this.topic.cursor("s");
	}

	/** The next life has read nothing of what the consumer still may acknowledge. */
	private void deliverAllBeforeARestart() {
		this.topic.share(CONSUMER, "s", 100);
		sequences(CONSUMER);
		this.topic.restart();
		this.topic.share(CONSUMER, "s", 0);
	}

	private List<Long> afterARestart() {
		this.topic.restart();
		this.topic.share(CONSUMER, "s", 100);
		return sequences(CONSUMER);
	}

	private static Position at(long entry) {
		return new Position(0, entry);
	}

}
