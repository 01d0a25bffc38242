package io.weir.broker.engine.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.Policies.OfSubscription;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.time.BackoffRule;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** When what is not acknowledged is delivered again. */
class RedeliveryTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Duration SHORT = Duration.ofSeconds(1);

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void messageThatIsGivenBackForLaterMustWaitAndHoldUpNoOther() {
		this.topic.share(FIRST, "s", 100);
		publishEntries(1, 3);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0, 1));
		assertThat(this.topic.subscription("s").delayed()).isOne();
		this.topic.publish(PRODUCER, 3, 1);
		assertThat(sequences(FIRST)).containsExactly(3L);
		this.topic.advance(LONG.minusSeconds(1));
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.advance(SHORT);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0, 1), 1, 1));
		assertThat(this.topic.subscription("s").delayed()).isZero();
	}

	@Test
	void messagesMustComeEachAtItsTimeWhereOrderDoesNotMatter() {
		this.topic.share(FIRST, "s", 100);
		publishEntries(3, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0));
		this.topic.negativeAcknowledge(FIRST, SHORT, id(2));
		this.topic.advance(SHORT);
		assertThat(sequences(FIRST)).containsExactly(2L);
		this.topic.advance(LONG);
		assertThat(sequences(FIRST)).containsExactly(0L);
	}

	@Test
	void messagesOfAnExclusiveSubscriptionMustNotOvertakeOneAnotherWhenTheyComeAgain() {
		this.topic.consume(FIRST, "s", 100);
		publishEntries(4, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, SHORT, id(2));
		this.topic.negativeAcknowledge(FIRST, LONG, id(1));
		this.topic.negativeAcknowledge(FIRST, Duration.ZERO, id(3));
		this.topic.advance(SHORT);
		this.topic.publish(PRODUCER, 4, 1);
		assertThat(sequences(FIRST)).containsExactly(4L);
		this.topic.advance(LONG);
		assertThat(sequences(FIRST)).containsExactly(1L, 2L, 3L);
	}

	@Test
	void messageOfAConsumerThatIsGoneMustNotOvertakeAnEarlierOneThatWaits() {
		this.topic.consume(FIRST, "s", 100);
		publishEntries(2, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0));
		this.topic.endSession(FIRST.session());
		this.topic.consume(SECOND, "s", 100);
		assertThat(sequences(SECOND)).isEmpty();
		this.topic.advance(LONG);
		assertThat(sequences(SECOND)).containsExactly(0L, 1L);
	}

	@Test
	void messageThatIsAcknowledgedThoughItWaitsMustHoldUpNoOther() {
		this.topic.consume(FIRST, "s", 100);
		publishEntries(2, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0));
		this.topic.negativeAcknowledge(FIRST, Duration.ZERO, id(1));
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.acknowledge(FIRST, id(0));
		assertThat(sequences(FIRST)).containsExactly(1L);
		this.topic.acknowledge(FIRST, id(1));
		this.topic.advance(LONG);
		assertThat(sequences(FIRST)).isEmpty();
		assertThat(this.topic.subscription("s").backlog()).isZero();
	}

	@Test
	void messageThatIsTrimmedThoughItWaitsMustHoldUpNoOther() {
		this.topic.consume(FIRST, "s", 100);
		publishEntries(2, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0));
		this.topic.negativeAcknowledge(FIRST, Duration.ZERO, id(1));
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.trim(new Position(0, 1), true);
		assertThat(sequences(FIRST)).containsExactly(1L);
	}

	@Test
	void messageThatIsAcknowledgedWhileItWaitsMustNotComeAgain() {
		this.topic.share(FIRST, "s", 100);
		publishEntries(1, 3);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0, 1));
		this.topic.acknowledge(FIRST, id(0, 1));
		this.topic.advance(LONG);
		assertThat(sequences(FIRST)).isEmpty();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(2);
	}

	@Test
	void messagesThatAreGivenBackTogetherMustAllComeAgain() {
		this.topic.share(FIRST, "s", 100);
		publishEntries(2, 2);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0, 0), id(0, 1), id(1, 1));
		this.topic.advance(LONG);
		assertThat(sequences(FIRST)).containsExactly(0L, 1L, 3L);
	}

	@Test
	void delayMustGrowAsThePolicySays() {
		subscribe(FIRST, SubscriptionType.SHARED,
				new RedeliveryPolicy(0, new BackoffRule(1_000, 3, 5_000, 0), 0, null));
		publishEntries(1, 1);
		for (int seconds : List.of(1, 3, 5, 5)) {
			assertThat(sequences(FIRST)).as("after %s s", seconds).containsExactly(0L);
			this.topic.negativeAcknowledge(FIRST, id(0));
			this.topic.advance(Duration.ofSeconds(seconds).minusMillis(500));
			assertThat(sequences(FIRST)).isEmpty();
			this.topic.advance(Duration.ofMillis(500));
		}
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0), 0, 4));
	}

	@Test
	void jitterMustSpreadWhatWasGivenBackTogetherAndBeTheSameEachTime() {
		RedeliveryPolicy policy = new RedeliveryPolicy(0, new BackoffRule(10_000, 1, 10_000, 0.5), 0, null);
		subscribe(FIRST, SubscriptionType.SHARED, policy);
		publishEntries(50, 1);
		sequences(FIRST);
		for (long entry = 0; entry < 50; entry++) {
			this.topic.negativeAcknowledge(FIRST, id(entry));
		}
		this.topic.advance(Duration.ofMillis(4_800));
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.advance(Duration.ofMillis(2_700));
		assertThat(sequences(FIRST)).hasSizeBetween(10, 40);
		this.topic.advance(Duration.ofMillis(2_700));
		assertThat(this.topic.subscription("s").delayed()).isZero();
	}

	@Test
	void keyOfAMessageThatWaitsMustBeParkedAndOthersFlow() {
		this.topic.shareByKey(FIRST, "s", 100);
		publishEntries(10, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(3));
		assertThat(this.topic.subscription("s").parkedKeys()).isOne();
		this.topic.publish(PRODUCER, 10, 10);
		assertThat(sequences(FIRST)).hasSize(9).doesNotContain(3L, 13L);
		this.topic.advance(LONG);
		assertThat(sequences(FIRST)).containsExactly(3L, 13L);
		assertThat(this.topic.subscription("s").parkedKeys()).isZero();
	}

	@Test
	void parkedKeyMustGoOnWhenItsMessageIsAcknowledgedAfterAll() {
		this.topic.shareByKey(FIRST, "s", 100);
		publishEntries(1, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0));
		this.topic.publish(PRODUCER, 10, 1);
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.acknowledge(FIRST, id(0));
		assertThat(sequences(FIRST)).containsExactly(10L);
		assertThat(this.topic.subscription("s").parkedKeys()).isZero();
	}

	@Test
	void parkedKeyMustGoOnWhenItsMessageIsTrimmed() {
		this.topic.shareByKey(FIRST, "s", 100);
		publishEntries(1, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, LONG, id(0));
		this.topic.publish(PRODUCER, 10, 1);
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.trim(new Position(0, 1), true);
		assertThat(sequences(FIRST)).containsExactly(10L);
		assertThat(this.topic.subscription("s").parkedKeys()).isZero();
	}

	@Test
	void messageThatAnotherConsumerHasMustStayThere() {
		this.topic.share(FIRST, "s", 1);
		this.topic.share(SECOND, "s", 0);
		publishEntries(1, 1);
		assertThat(sequences(FIRST)).containsExactly(0L);
		this.topic.flow(SECOND, 1);
		this.topic.negativeAcknowledge(SECOND, Duration.ZERO, id(0));
		assertThat(sequences(SECOND)).isEmpty();
		assertThat(this.topic.subscription("s").inFlight()).isOne();
	}

	@Test
	void whatIsNotAcknowledgedInTimeMustComeAgain() {
		subscribe(FIRST, SubscriptionType.SHARED, new RedeliveryPolicy(10_000, BackoffRule.NONE, 0, null));
		publishEntries(1, 3);
		sequences(FIRST);
		this.topic.acknowledge(FIRST, id(0, 1));
		this.topic.advance(Duration.ofSeconds(9));
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.advance(Duration.ofSeconds(2));
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0, 0), 0, 1),
				new Delivery(id(0, 2), 2, 1));
		this.topic.advance(Duration.ofSeconds(9));
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.advance(Duration.ofSeconds(2));
		assertThat(sequences(FIRST)).containsExactly(0L, 2L);
	}

	@Test
	void clockThatIsSetMustNotMakeAMessageComeAgain() {
		subscribe(FIRST, SubscriptionType.SHARED, new RedeliveryPolicy(10_000, BackoffRule.NONE, 0, null));
		publishEntries(1, 1);
		assertThat(sequences(FIRST)).containsExactly(0L);
		this.topic.jump(Duration.ofDays(1));
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.advance(Duration.ofSeconds(11));
		assertThat(sequences(FIRST)).containsExactly(0L);
	}

	@Test
	void policyThatWasStatedLastMustHoldForAllConsumersUntilTheyAreGone() {
		subscribe(FIRST, SubscriptionType.SHARED,
				new RedeliveryPolicy(0, new BackoffRule(1_000, 1, 1_000, 0), 0, null));
		this.topic.subscribe(SECOND, "s", SubscriptionType.SHARED,
				new RedeliveryPolicy(0, new BackoffRule(30_000, 1, 30_000, 0), 0, null));
		Peer third = new Peer(4, 1);
		this.topic.share(third, "s", 0);
		publishEntries(1, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, id(0));
		this.topic.advance(SHORT);
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.advance(LONG);
		assertThat(sequences(FIRST)).containsExactly(0L);
		List.of(FIRST, SECOND, third).forEach((peer) -> this.topic.endSession(peer.session()));
		this.topic.share(FIRST, "s", 10);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, id(0));
		assertThat(sequences(FIRST)).containsExactly(0L);
	}

	@Test
	void whatAnAdministratorSaysMustCountMoreThanWhatConsumersState() {
		this.topic.setPolicies(policies(
				new OfSubscription(null, null, null, null, null, 1, new Topic("dead"), Policies.UNLIMITED, false)));
		subscribe(FIRST, SubscriptionType.SHARED,
				new RedeliveryPolicy(0, new BackoffRule(1_000, 1, 1_000, 0), 0, null));
		publishEntries(1, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, id(0));
		this.topic.advance(SHORT);
		assertThat(sequences(FIRST)).containsExactly(0L);
		this.topic.setPolicies(
				policies(new OfSubscription(30_000L, null, null, null, null, null, null, Policies.UNLIMITED, false)));
		this.topic.negativeAcknowledge(FIRST, id(0));
		this.topic.advance(SHORT);
		assertThat(sequences(FIRST)).isEmpty();
		this.topic.advance(LONG);
		assertThat(sequences(FIRST)).containsExactly(0L);
		assertThat(this.topic.forwarded()).isEmpty();
	}

	private static Policies policies(OfSubscription subscription) {
		Policies none = Policies.none();
		return new Policies(none.retention(), none.messageTtl(), none.backlogQuota(), none.backlogQuotaPolicy(),
				none.compaction(), none.expireAfter(), OfSubscription.NONE, Map.of("s", subscription));
	}

	@Test
	void countsMustSurviveARestartOfTheBroker() {
		this.topic.share(FIRST, "s", 100);
		publishEntries(2, 2);
		sequences(FIRST);
		for (int i = 0; i < 3; i++) {
			this.topic.negativeAcknowledge(FIRST, id(0, 1));
			sequences(FIRST);
		}
		this.topic.negativeAcknowledge(FIRST, id(1, 0));
		this.topic.acknowledge(FIRST, id(1, 0));
		this.topic.acknowledge(FIRST, id(1, 1));
		this.topic.restart();
		this.topic.share(FIRST, "s", 100);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0, 0), 0, 0),
				new Delivery(id(0, 1), 1, 3));
		this.topic.acknowledge(FIRST, id(0, 0), id(0, 1));
		assertThat(this.topic.cursor("s").redeliveries()).isEmpty();
	}

	@Test
	void countsMustBeForgottenWhenTheSubscriptionIsMoved() {
		this.topic.share(FIRST, "s", 100);
		publishEntries(1, 1);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, id(0));
		this.topic.seek(FIRST, id(0));
		this.topic.restart();
		this.topic.share(FIRST, "s", 100);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0), 0, 0));
	}

	@Test
	void countThatCouldNotBeStoredMustBeStoredWithTheNextAcknowledgement() {
		this.topic.share(FIRST, "s", 1);
		publishEntries(2, 1);
		sequences(FIRST);
		this.topic.holdStorage();
		this.topic.negativeAcknowledge(FIRST, id(0));
		this.topic.failNext("disk full");
		this.topic.releaseStorage();
		this.topic.acknowledge(FIRST, id(1));
		this.topic.restart();
		this.topic.share(FIRST, "s", 100);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0), 0, 1));
	}

	private void subscribe(Peer consumer, SubscriptionType type, RedeliveryPolicy policy) {
		this.topic.subscribe(consumer, "s", type, policy);
		this.topic.flow(consumer, 100);
	}

}
