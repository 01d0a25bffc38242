package io.weir.broker.engine.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.engine.runtime.TopicHarness;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** When messages become dead letters, and that nothing can come between. */
class DeadLetterTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final RedeliveryPolicy TWICE = new RedeliveryPolicy(0, BackoffRule.NONE, 2, "dead");

	private long sessions = 10;

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void messageThatWasDeliveredAgainTooOftenMustBecomeADeadLetterThatTellsWhereItComesFrom() {
		subscribe(CONSUMER);
		publishEntries(2, 1);
		for (int delivery = 0; delivery < 3; delivery++) {
			assertThat(sequences(CONSUMER)).contains(0L);
			assertThat(this.topic.forwarded()).isEmpty();
			giveBack(id(0), "error " + delivery);
		}
		assertThat(sequences(CONSUMER)).isEmpty();
		assertThat(this.topic.forwarded()).singleElement().satisfies((copy) -> {
			assertThat(copy.source()).isEqualTo(new Position(0, 0));
			assertThat(copy.index()).isZero();
			assertThat(copy.target()).hasToString("dead");
			assertThat(DeadLetterOrigin.of(copy.headers()))
				.isEqualTo(new DeadLetterOrigin("topic", "s", id(0), 2, "error 2"));
		});
		assertThat(this.topic.subscription("s").backlog()).isOne();
		assertThat(this.topic.forgotten()).hasSize(1);
	}

	@Test
	void messageThatIsGivenUpMustBecomeADeadLetterAtOnce() {
		subscribe(CONSUMER);
		publishEntries(1, 3);
		sequences(CONSUMER);
		this.topic.giveUp(CONSUMER, id(0, 1), "not what it should be");
		assertThat(dead()).containsExactly(id(0, 1));
		this.topic.acknowledge(CONSUMER, id(0, 0), id(0, 2));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(this.topic.forgotten()).as("only when all of the entry is acknowledged").hasSize(1);
	}

	@Test
	void messageMustBeDeliveredAgainForEverWhereThereIsNoTopicForDeadLetters() {
		this.topic.share(CONSUMER, "s", 100);
		publishEntries(1, 1);
		for (int delivery = 0; delivery < 20; delivery++) {
			assertThat(sequences(CONSUMER)).containsExactly(0L);
			this.topic.giveUp(CONSUMER, id(0), "no");
		}
		assertThat(this.topic.forwarded()).isEmpty();
	}

	@Test
	void messageMustBeAcknowledgedOnlyWhenItsCopyIsStored() {
		subscribe(CONSUMER);
		publishEntries(1, 1);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0), "no");
		assertThat(this.topic.underWay()).hasExactlyElementsOfTypes(Storing.ForwardCopy.class,
				Storing.StoreAcknowledgements.class);
		assertThat(this.topic.subscription("s").deadLetters()).isOne();
		assertThat(this.topic.subscription("s").backlog()).isOne();
		this.topic.storeNext();
		assertThat(this.topic.subscription("s").deadLetters()).isZero();
		this.topic.releaseStorage();
		assertThat(this.topic.cursor("s").acknowledgedUpTo()).isEqualTo(new Position(0, 0));
	}

	@Test
	void brokerThatDiesBeforeTheCopyIsStoredMustMakeItAgain() {
		subscribe(CONSUMER);
		publishEntries(1, 1);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0), "no");
		Storing forward = this.topic.underWay().remove();
		this.topic.storeAll();
		assertThat(forward).isInstanceOf(Storing.ForwardCopy.class);
		this.topic.restart();
		this.topic.releaseStorage();
		subscribe(CONSUMER);
		assertThat(sequences(CONSUMER)).isEmpty();
		assertThat(dead()).containsExactly(id(0));
		assertThat(this.topic.subscription("s").backlog()).isZero();
	}

	@Test
	void brokerThatDiesBeforeTheAcknowledgementIsStoredMustForwardTheSameAgain() {
		subscribe(CONSUMER);
		publishEntries(1, 1);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0), "no");
		this.topic.storeNext();
		this.topic.storeNext();
		assertThat(this.topic.underWay()).hasOnlyElementsOfType(Storing.StoreAcknowledgements.class);
		assertThat(this.topic.forgotten()).isEmpty();
		this.topic.restart();
		this.topic.releaseStorage();
		subscribe(CONSUMER);
		List<Storing.ForwardCopy> copies = this.topic.forwarded();
		assertThat(copies).hasSize(2);
		assertThat(copies.get(1).purpose()).as("the target knows it").isEqualTo(copies.get(0).purpose());
		assertThat(this.topic.subscription("s").backlog()).isZero();
	}

	@Test
	void copyThatCannotBeStoredMustBeTriedAgainAndHoldUpNoOther() {
		subscribe(CONSUMER);
		publishEntries(2, 1);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0), "no");
		this.topic.failNext("no such topic");
		this.topic.releaseStorage();
		this.topic.acknowledge(CONSUMER, id(1));
		this.topic.publish(PRODUCER, 2, 1);
		assertThat(sequences(CONSUMER)).containsExactly(2L);
		assertThat(this.topic.subscription("s").deadLetters()).isOne();
		assertThat(this.topic.forwarded()).isEmpty();
		this.topic.advance(Duration.ofMillis(DeadLetters.RETRY.initial()));
		assertThat(dead()).containsExactly(id(0));
		assertThat(this.topic.subscription("s").backlog()).isOne();
	}

	@Test
	void copyThatCannotBeStoredMustNotMakeOtherDeadLettersWait() {
		subscribe(CONSUMER);
		publishEntries(2, 1);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0), "no");
		this.topic.failNext("no such topic");
		this.topic.releaseStorage();
		this.topic.giveUp(CONSUMER, id(1), "no");
		assertThat(dead()).containsExactly(id(1));
	}

	@Test
	void nothingMustBeLookedAtWhileAsManyAreUnderWayAsMayBe() {
		subscribe(CONSUMER);
		publishEntries(1, 50);
		sequences(CONSUMER);
		this.topic.holdStorage();
		for (int index = 0; index < 50; index++) {
			this.topic.giveUp(CONSUMER, id(0, index), "no");
		}
		assertThat(this.topic.wakeAt()).isGreaterThan(this.topic.now());
		this.topic.releaseStorage();
	}

	@Test
	void messageThatIsGivenUpMustStaySoAfterARestartHoweverOftenItMayBeDeliveredAgain() {
		RedeliveryPolicy forEver = new RedeliveryPolicy(0, BackoffRule.NONE, Integer.MAX_VALUE, "dead");
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED, forEver);
		this.topic.flow(CONSUMER, 100);
		publishEntries(1, 1);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0), "no");
		this.topic.failNext("no such topic");
		this.topic.storeNext();
		this.topic.restart();
		this.topic.releaseStorage();
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED, forEver);
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).isEmpty();
		assertThat(dead()).containsExactly(id(0));
	}

	@Test
	void subscriptionMustGoOnWhenDeadLettersMakeRoomForMore() {
		TopicHarness small = new TopicHarness("small",
				new Budgets((limit) -> (limit == BrokerLimit.PENDING_ENTRIES) ? 1 : Long.MAX_VALUE));
		small.openProducer(PRODUCER, "p");
		for (int i = 0; i < 2 * PendingShare.LEAST; i++) {
			small.publish(PRODUCER, i, 1);
		}
		small.subscribe(CONSUMER, "s", SubscriptionType.SHARED, TWICE);
		small.flow(CONSUMER, 100);
		small.holdStorage();
		small.deliveries(CONSUMER).forEach((delivery) -> small.giveUp(CONSUMER, delivery.id(), "no"));
		assertThat(small.deliveries(CONSUMER)).as("no room").isEmpty();
		small.releaseStorage();
		assertThat(small.deliveries(CONSUMER)).hasSize(PendingShare.LEAST);
		assertThat(small.close()).isZero();
	}

	@Test
	void noMoreThanAFewMustBeForwardedAtATime() {
		subscribe(CONSUMER);
		publishEntries(1, 50);
		sequences(CONSUMER);
		this.topic.holdStorage();
		for (int index = 0; index < 50; index++) {
			this.topic.giveUp(CONSUMER, id(0, index), "no");
		}
		assertThat(this.topic.underWay().stream().filter(Storing.ForwardCopy.class::isInstance))
			.hasSize(DeadLetters.MAX_UNDER_WAY);
		this.topic.releaseStorage();
		assertThat(dead()).containsExactlyElementsOf(IntStream.range(0, 50).mapToObj((i) -> id(0, i)).toList());
	}

	@Test
	void keyOfADeadLetterMustGoOn() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.KEY_SHARED, TWICE);
		this.topic.flow(CONSUMER, 100);
		publishEntries(1, 1);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0), "no");
		this.topic.failNext("no such topic");
		this.topic.releaseStorage();
		this.topic.publish(PRODUCER, 10, 1);
		assertThat(sequences(CONSUMER)).containsExactly(10L);
	}

	@Test
	void whatIsNotAcknowledgedInTimeAgainAndAgainMustBecomeADeadLetter() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED,
				new RedeliveryPolicy(1_000, BackoffRule.NONE, 2, "dead"));
		this.topic.flow(CONSUMER, 100);
		publishEntries(1, 1);
		for (int delivery = 0; delivery < 3; delivery++) {
			assertThat(sequences(CONSUMER)).containsExactly(0L);
			this.topic.advance(Duration.ofSeconds(2));
		}
		assertThat(dead()).containsExactly(id(0));
		assertThat(this.topic.forwarded().get(0).headers().get(DeadLetterOrigin.ERROR_HEADER)).contains("in time");
	}

	@Test
	void messageThatKillsItsConsumersMustBecomeADeadLetterAndNoOtherWithIt() {
		publishEntries(100, 1);
		MessageId poison = id(37);
		int deaths = killConsumers(poison, Duration.ZERO);
		assertThat(dead()).containsExactly(poison);
		assertThat(deaths).as("three times alone, and as often as it takes to find it").isLessThanOrEqualTo(3 + 3);
	}

	@Test
	void messageThatKillsItsConsumersSlowlyMustBecomeADeadLetterToo() {
		publishEntries(20, 1);
		MessageId poison = id(7);
		killConsumers(poison, Duration.ofSeconds(10));
		assertThat(dead()).containsExactly(poison);
	}

	@Test
	void messageThatKillsItsConsumersMustBecomeADeadLetterThoughTheBrokerIsRestartedEachTime() {
		publishEntries(1, 1);
		for (int life = 0; life < 3; life++) {
			Peer consumer = newConsumer();
			assertThat(sequences(consumer)).containsExactly(0L);
			this.topic.endSession(consumer.session());
			this.topic.restart();
		}
		Peer consumer = newConsumer();
		assertThat(sequences(consumer)).isEmpty();
		assertThat(dead()).containsExactly(id(0));
	}

	@Test
	void consumerThatDiesOnceMustCostTheNextOneNothing() {
		publishEntries(50, 1);
		this.topic.endSession(newConsumer().session());
		assertThat(sequences(newConsumer())).hasSize(50);
	}

	@Test
	void consumerThatGathersMessagesAfterDeathsMustGetThem() {
		publishEntries(50, 1);
		this.topic.endSession(newConsumer().session());
		this.topic.endSession(newConsumer().session());
		Peer second = newConsumer();
		List<Long> gathered = sequences(second);
		assertThat(gathered).hasSize(1);
		for (int i = 0; i < 10 && gathered.size() < 50; i++) {
			this.topic.advance(Duration.ofMillis(SlowStart.FIRST_PATIENCE));
			gathered.addAll(sequences(second));
		}
		assertThat(gathered).hasSize(50);
	}

	@Test
	void messagesOfAConsumerThatIsClosedAgainAndAgainMustNotBecomeDeadLetters() {
		publishEntries(1, 1);
		for (int i = 0; i < 10; i++) {
			Peer consumer = newConsumer();
			assertThat(sequences(consumer)).containsExactly(0L);
			this.topic.closeConsumer(consumer);
		}
		assertThat(this.topic.forwarded()).isEmpty();
	}

	/** Until all others are acknowledged; says how many have died. */
	private int killConsumers(MessageId poison, Duration after) {
		int deaths = 0;
		while (this.topic.subscriptionBacklog("s", 1) > 0 && deaths < 50) {
			Peer consumer = newConsumer();
			if (isKilled(consumer, poison, after)) {
				this.topic.endSession(consumer.session());
				deaths++;
			}
		}
		return deaths;
	}

	/** Works on one message after the other; dies a while after it has the poison. */
	private boolean isKilled(Peer consumer, MessageId poison, Duration after) {
		List<MessageId> held = new ArrayList<>(ids(consumer));
		while (!held.isEmpty()) {
			MessageId next = held.remove(0);
			if (next.equals(poison)) {
				for (long second = 0; second < after.toSeconds(); second++) {
					this.topic.advance(Duration.ofSeconds(1));
				}
				return true;
			}
			this.topic.acknowledge(consumer, next);
			held.addAll(ids(consumer));
		}
		return false;
	}

	private List<MessageId> ids(Peer consumer) {
		return this.topic.deliveries(consumer).stream().map((delivery) -> delivery.id()).toList();
	}

	private Peer newConsumer() {
		Peer consumer = new Peer(++this.sessions, 1);
		subscribe(consumer);
		return consumer;
	}

	private void giveBack(MessageId id, String error) {
		this.topic.negativeAcknowledge(CONSUMER, error, id);
	}

	private void subscribe(Peer consumer) {
		this.topic.subscribe(consumer, "s", SubscriptionType.SHARED, TWICE);
		this.topic.flow(consumer, 100);
	}

	private List<MessageId> dead() {
		return this.topic.forwarded().stream().map((copy) -> copy.source().message(copy.index())).toList();
	}

}
