package io.weir.broker.engine.dispatch;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.TopicSnapshot.Parked;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** What is told of messages that wait, come again or are given up. */
class RedeliveryFiguresTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final RedeliveryPolicy ONCE = new RedeliveryPolicy(0, BackoffRule.NONE, 1, "dead");

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void deliveriesThatAreNotTheFirstMustBeCounted() {
		this.topic.share(CONSUMER, "s", 100);
		publishEntries(2, 3);
		sequences(CONSUMER);
		assertThat(subscription().redelivered()).isZero();
		this.topic.negativeAcknowledge(CONSUMER, id(0, 1), id(1, 2));
		sequences(CONSUMER);
		this.topic.negativeAcknowledge(CONSUMER, id(0, 1));
		assertThat(sequences(CONSUMER)).containsExactly(1L);
		assertThat(subscription().redelivered()).isEqualTo(3);
		assertThat(figures().redelivered()).isEqualTo(3);
	}

	@Test
	void parkedKeysMustBeShownByTheFirstMessageThatWaits() {
		this.topic.shareByKey(CONSUMER, "s", 100);
		publishEntries(2, 10);
		sequences(CONSUMER);
		this.topic.negativeAcknowledge(CONSUMER, LONG, id(1, 4), id(0, 4), id(1, 7));
		assertThat(subscription().parkedKeys()).isEqualTo(2);
		assertThat(subscription().delayed()).isEqualTo(3);
		assertThat(subscription().parked()).containsExactly(new Parked(id(0, 4), 1), new Parked(id(1, 7), 1));
		assertThat(figures().parkedKeys()).isEqualTo(2);
		this.topic.acknowledge(CONSUMER, id(0, 4));
		assertThat(subscription().parked()).containsExactly(new Parked(id(1, 4), 1), new Parked(id(1, 7), 1));
		this.topic.advance(LONG);
		assertThat(subscription().parked()).isEmpty();
		assertThat(figures().parkedKeys()).isZero();
	}

	@Test
	void keysMustNotBeShownWhereTheyDoNotMatter() {
		this.topic.share(CONSUMER, "s", 100);
		publishEntries(1, 10);
		sequences(CONSUMER);
		this.topic.negativeAcknowledge(CONSUMER, LONG, id(0, 1));
		assertThat(subscription().delayed()).isOne();
		assertThat(subscription().parked()).isEmpty();
	}

	@Test
	void deadLettersMustBeCountedOnTheirWayAndWhenTheyAreMade() {
		giveUpOne();
		assertThat(subscription().deadLetters()).isOne();
		assertThat(subscription().deadLettersMade()).isZero();
		assertThat(figures().deadLettersWaiting()).isOne();
		this.topic.failNext("no room");
		assertThat(figures().deadLettersWaiting()).as("to be tried again").isOne();
		this.topic.releaseStorage();
		this.topic.advance(Duration.ofMillis(DeadLetters.RETRY.initial()));
		assertThat(subscription().deadLetters()).isZero();
		assertThat(subscription().deadLettersMade()).isOne();
		assertThat(figures().deadLettersWaiting()).isZero();
		assertThat(figures().deadLetters()).isOne();
	}

	@Test
	void messagesThatTheirSendersDelayedMustBeCounted() {
		this.topic.delay(PRODUCER, 0, 60_000);
		this.topic.delay(PRODUCER, 1, 70_000);
		assertThat(this.topic.snapshot().delayed()).isEqualTo(2);
		assertThat(figures().delayed()).isEqualTo(2);
		this.topic.setClock(65_000);
		assertThat(this.topic.snapshot().delayed()).isOne();
		EngineFigures before = figures();
		this.topic.restart();
		assertThat(before.delayed()).as("a topic that is closed counts no more").isZero();
		assertThat(figures().delayed()).isOne();
	}

	@Test
	void whatASubscriptionThatIsMovedOrGoneHadMustNotBeCounted() {
		this.topic.shareByKey(CONSUMER, "s", 100);
		publishEntries(1, 10);
		sequences(CONSUMER);
		this.topic.negativeAcknowledge(CONSUMER, LONG, id(0, 1), id(0, 2));
		assertThat(figures().parkedKeys()).isEqualTo(2);
		this.topic.change("s", new SubscriptionChange.MoveToMessage(id(0)));
		assertThat(figures().parkedKeys()).isZero();
		giveUpOne();
		this.topic.failNext("no room");
		this.topic.releaseStorage();
		assertThat(figures().deadLettersWaiting()).isOne();
		this.topic.endSession(3);
		assertDone(this.topic.change("d", new SubscriptionChange.Delete()));
		assertThat(figures().deadLettersWaiting()).isZero();
	}

	@Test
	void topicThatIsClosedMustNotBeCounted() {
		this.topic.shareByKey(CONSUMER, "s", 100);
		publishEntries(1, 10);
		sequences(CONSUMER);
		this.topic.negativeAcknowledge(CONSUMER, LONG, id(0, 1));
		giveUpOne();
		EngineFigures before = figures();
		this.topic.restart();
		assertThat(before.parkedKeys()).isZero();
		assertThat(before.deadLettersWaiting()).isZero();
	}

	/** The copy is on its way, and no further. */
	private void giveUpOne() {
		Peer consumer = new Peer(3, 1);
		this.topic.subscribe(consumer, "d", SubscriptionType.SHARED, ONCE);
		this.topic.flow(consumer, 1);
		if (this.topic.stored().isEmpty()) {
			publishEntries(1, 1);
		}
		sequences(consumer);
		this.topic.holdStorage();
		this.topic.giveUp(consumer, id(0), "no");
	}

	private TopicSnapshot.Subscription subscription() {
		return this.topic.snapshot().subscriptions().get(0);
	}

	private EngineFigures figures() {
		return this.topic.figures();
	}

}
