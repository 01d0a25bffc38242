package io.weir.broker.engine.dispatch;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.FailureReport;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** Dead letters that cannot be stored at first. */
class DeadLetterRetriesTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Duration FIRST_DELAY = Duration.ofMillis(DeadLetters.RETRY.initial());

	@BeforeEach
	void giveUpOneThatCannotBeStored() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(2, 1);
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED,
				new RedeliveryPolicy(0, BackoffRule.NONE, 2, "dead"));
		this.topic.flow(CONSUMER, 100);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0), "no");
		this.topic.failNext("no room");
	}

	@Test
	void eachFailureMustDoubleTheTimeUntilTheNextAttempt() {
		this.topic.storeAll();
		this.topic.advance(FIRST_DELAY);
		assertThat(this.topic.underWay()).hasSize(1);
		this.topic.failNext("no room");
		this.topic.advance(FIRST_DELAY);
		assertThat(this.topic.underWay()).isEmpty();
		this.topic.advance(FIRST_DELAY);
		assertThat(this.topic.underWay()).hasSize(1);
		this.topic.releaseStorage();
		assertThat(this.topic.forwarded()).hasSize(1);
	}

	@Test
	void messagesThatAreGivenUpTogetherMustAllBecomeDeadLetters() {
		this.topic.publish(PRODUCER, 2, 3);
		assertThat(sequences(CONSUMER)).as("not stored yet").isEmpty();
		this.topic.releaseStorage();
		assertThat(sequences(CONSUMER)).hasSize(3);
		this.topic.handle(new Command.NegativeAcknowledge(CONSUMER, List.of(id(1), id(2, 0), id(2, 2)), -1, true,
				FailureReport.NONE));
		assertThat(this.topic.forwarded()).hasSize(3);
		assertThat(this.topic.subscription("s").deadLetters()).as("and the one that waits").isOne();
	}

	@Test
	void messageThatIsAcknowledgedAfterAllMustNotBeForwardedAnyMore() {
		this.topic.publish(PRODUCER, 2, 3);
		this.topic.releaseStorage();
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(2, 1), "no");
		this.topic.failNext("no room");
		this.topic.acknowledge(CONSUMER, id(2, 1));
		this.topic.releaseStorage();
		this.topic.advance(FIRST_DELAY);
		assertThat(this.topic.forwarded()).singleElement()
			.satisfies((copy) -> assertThat(copy.source()).isEqualTo(new Position(0, 0)));
		assertThat(this.topic.figures().deadLettersWaiting()).isZero();
	}

	/** Nobody could read it any more, however often that is tried. */
	@Test
	void messageThatIsTrimmedMustNotBeForwardedAnyMore() {
		this.topic.releaseStorage();
		this.topic.trim(new Position(0, 1), true);
		this.topic.advance(FIRST_DELAY);
		assertThat(this.topic.forwarded()).isEmpty();
		assertThat(this.topic.subscription("s").deadLetters()).isZero();
		assertThat(this.topic.figures().deadLettersWaiting()).isZero();
	}

	@Test
	void whatIsNotStoredYetMustBeCounted() {
		assertThat(this.topic.figures().deadLettersWaiting()).isOne();
		this.topic.releaseStorage();
		this.topic.advance(FIRST_DELAY);
		assertThat(this.topic.forwarded()).hasSize(1);
		assertThat(this.topic.figures().deadLettersWaiting()).isZero();
		assertThat(this.topic.figures().deadLetters()).isOne();
	}

	@Test
	void bytesOfWhatWasGivenUpBeforeARestartMustNotBeKept() {
		this.topic.storeAll();
		this.topic.restart();
		this.topic.holdStorage();
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED,
				new RedeliveryPolicy(0, BackoffRule.NONE, 2, "dead"));
		this.topic.flow(CONSUMER, 1);
		while (this.topic.subscription("s").deadLetters() == 0) {
			this.topic.storeNext();
		}
		assertThat(sequences(CONSUMER)).containsExactly(1L);
		assertThat(this.topic.bytesHeld()).isZero();
	}

}
