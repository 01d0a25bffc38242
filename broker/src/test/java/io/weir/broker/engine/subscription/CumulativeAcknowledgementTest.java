package io.weir.broker.engine.subscription;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.ErrorCode;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** Acknowledging a message and all before it. */
class CumulativeAcknowledgementTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	@BeforeEach
	void publishFourEntriesOfThree() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(4, 3);
	}

	@Test
	void everythingUpToTheMessageMustBeAcknowledgedDurably() {
		this.topic.consume(CONSUMER, "s", 100);
		this.topic.deliveries(CONSUMER);
		assertThat(this.topic.answer(this.topic.acknowledgeUpTo(CONSUMER, id(2, 1)))).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(4);
		assertThat(this.topic.subscription("s").inFlight()).isEqualTo(4);
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(4);
		assertThat(consumeAgain()).containsExactly(8L, 9L, 10L, 11L);
	}

	@Test
	void deadLettersMustBeStoredThoughAllIsAcknowledgedMeanwhile() {
		subscribeWithDeadLetters();
		this.topic.flow(CONSUMER, 100);
		this.topic.deliveries(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0, 1), "no");
		this.topic.giveUp(CONSUMER, id(2, 0), "no");
		this.topic.failNext("no such topic");
		this.topic.storeNext();
		this.topic.failNext("no such topic");
		this.topic.acknowledgeUpTo(CONSUMER, id(2, 1));
		this.topic.releaseStorage();
		this.topic.advance(Duration.ofSeconds(2));
		assertThat(this.topic.forwarded()).extracting((copy) -> copy.source().message(copy.index()))
			.containsExactlyInAnyOrder(id(0, 1), id(2, 0));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(4);
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(4);
	}

	/** As a consumer does that comes back, and sends again what was not confirmed. */
	@Test
	void deadLettersMustBeStoredThoughAllIsAcknowledgedBeforeTheyAreReadAfterARestart() {
		subscribeWithDeadLetters();
		this.topic.flow(CONSUMER, 100);
		this.topic.deliveries(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0, 1), "no");
		this.topic.failNext("no such topic");
		this.topic.storeAll();
		this.topic.restart();
		subscribeWithDeadLetters();
		assertRefused(this.topic.acknowledgeUpTo(CONSUMER, id(2, 1)), ErrorCode.SUBSCRIPTION_BUSY, "try again");
		this.topic.releaseStorage();
		long again = this.topic.acknowledgeUpTo(CONSUMER, id(2, 1));
		assertThat(this.topic.answer(again)).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.forwarded()).singleElement()
			.satisfies((copy) -> assertThat(copy.source().message(copy.index())).isEqualTo(id(0, 1)));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(4);
	}

	private void subscribeWithDeadLetters() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.EXCLUSIVE,
				new RedeliveryPolicy(0, BackoffRule.NONE, 0, "dead"));
	}

	@Test
	void answerMustWaitUntilItIsStored() {
		this.topic.consume(CONSUMER, "s", 100);
		this.topic.holdStorage();
		long request = this.topic.acknowledgeUpTo(CONSUMER, id(1, 2));
		assertThat(this.topic.answer(request)).isNull();
		this.topic.failNext("disk full");
		assertThat(this.topic.answer(request)).isInstanceOf(Effect.Refused.class);
		long again = this.topic.acknowledgeUpTo(CONSUMER, id(1, 2));
		assertThat(this.topic.answer(again)).as("not stored the first time").isNull();
		this.topic.releaseStorage();
		assertThat(this.topic.answer(again)).isInstanceOf(Effect.Done.class);
		this.topic.restart();
		assertThat(consumeAgain()).startsWith(6L);
	}

	@Test
	void whatWasNeverReadMustBeStoredAsAcknowledgedThoughItFailedTheFirstTime() {
		this.topic.consume(CONSUMER, "s", 0);
		this.topic.holdStorage();
		long request = this.topic.acknowledgeUpTo(CONSUMER, id(1, 2));
		while (this.topic.answer(request) == null) {
			this.topic.failNext("disk full");
		}
		long again = this.topic.acknowledgeUpTo(CONSUMER, id(1, 2));
		assertThat(this.topic.answer(again)).as("not stored the first time").isNull();
		this.topic.releaseStorage();
		assertThat(this.topic.answer(again)).isInstanceOf(Effect.Done.class);
		this.topic.restart();
		assertThat(consumeAgain()).startsWith(6L);
	}

	@Test
	void acknowledgementBehindOneThatWasNotStoredMustBeStored() {
		this.topic.consume(CONSUMER, "s", 100);
		this.topic.holdStorage();
		long first = this.topic.acknowledgeUpTo(CONSUMER, id(0, 2));
		long second = this.topic.acknowledgeUpTo(CONSUMER, id(1, 2));
		this.topic.failNext("disk full");
		assertThat(this.topic.answer(first)).isInstanceOf(Effect.Refused.class);
		this.topic.releaseStorage();
		assertDone(second);
		this.topic.restart();
		assertThat(consumeAgain()).startsWith(6L);
	}

	@Test
	void messagesThatWereNeverReadMustBePassedOver() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		this.topic.acknowledgeUpTo(CONSUMER, id(2, 0));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(5);
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).containsExactly(7L, 8L, 9L, 10L, 11L);
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(5);
	}

	@Test
	void messageBeyondTheEndMustMeanAllThatIsStoredAndNoMore() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		this.topic.acknowledgeUpTo(CONSUMER, id(99, 0));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		this.topic.publish(PRODUCER, 12, 1);
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).containsExactly(12L);
	}

	@Test
	void whatWaitsForRedeliveryMustNotComeAgain() {
		this.topic.consume(CONSUMER, "s", 12);
		this.topic.deliveries(CONSUMER);
		this.topic.negativeAcknowledge(CONSUMER, id(0, 0), id(1, 1), id(3, 0));
		this.topic.acknowledgeUpTo(CONSUMER, id(2, 2));
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).containsExactly(9L);
	}

	@Test
	void subscriptionThatSharesMessagesOutMustRefuse() {
		this.topic.share(CONSUMER, "s", 1);
		assertRefused(this.topic.acknowledgeUpTo(CONSUMER, id(0, 0)), ErrorCode.INVALID_REQUEST,
				"'s' is of type SHARED", "EXCLUSIVE and FAILOVER");
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(12);
	}

	private List<Long> consumeAgain() {
		this.topic.consume(CONSUMER, "s", 100);
		return sequences(CONSUMER);
	}

}
