package io.weir.broker.engine.publish;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.GeneratedNames;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicHarness;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long names of producers are remembered, and how many; how many subscriptions there
 * are.
 */
class ProducerNamesTest {

	private static final Peer PRODUCER = new Peer(1, 1);

	private static final Peer OTHER = new Peer(2, 1);

	private static final Peer THIRD = new Peer(3, 1);

	private static final Duration GRACE = Duration.ofMinutes(10);

	private static final Duration EXPIRY = Duration.ofDays(7);

	private final Budgets budgets = new Budgets((limit) -> switch (limit) {
		case PRODUCER_NAMES_PER_TOPIC, SUBSCRIPTIONS_PER_TOPIC -> 2;
		default -> limit.defaultValue(1 << 30);
	});

	private final TopicHarness topic = new TopicHarness("topic", this.budgets);

	@AfterEach
	void buffersMustBeReleased() {
		assertThat(this.topic.close()).as("buffers not released").isZero();
	}

	@Test
	void generatedNameMustBeForgottenWhenItsProducerIsClosed() {
		this.topic.openGenerated(PRODUCER, "generated");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.closeProducer(PRODUCER);
		assertThat(this.topic.restartAndSeeProducers()).isEmpty();
	}

	@Test
	void generatedNameMustOutliveItsSessionForAWhile() {
		this.topic.openGenerated(PRODUCER, "generated");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.endSession(PRODUCER.session());
		this.topic.advance(GRACE.minusSeconds(1));
		assertLastSequence(this.topic.openProducer(OTHER, "generated", 0, AccessMode.SHARED), 2);
		this.topic.advance(GRACE.multipliedBy(2));
		assertThat(this.topic.restartAndSeeProducers()).as("in use").containsExactly("generated");
	}

	@Test
	void generatedNameOfASessionThatEndedMustBeForgottenAfterTheWhile() {
		this.topic.openGenerated(PRODUCER, "generated");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.endSession(PRODUCER.session());
		this.topic.advance(GRACE.plusSeconds(1));
		assertThat(this.topic.restartAndSeeProducers()).isEmpty();
	}

	/** Else what its producer sends again would be stored twice. */
	@Test
	void nameMustNotBeForgottenBecauseSomebodyHasSetTheClock() {
		this.topic.openGenerated(PRODUCER, "generated");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.endSession(PRODUCER.session());
		this.topic.jump(Duration.ofDays(30));
		assertLastSequence(this.topic.openProducer(OTHER, "generated", 0, AccessMode.SHARED), 2);
		this.topic.endSession(OTHER.session());
		this.topic.jump(Duration.ofDays(-60));
		assertLastSequence(this.topic.openProducer(THIRD, "generated", 1, AccessMode.SHARED), 2);
		this.topic.endSession(THIRD.session());
		this.topic.jump(Duration.ofDays(90));
		this.topic.advance(GRACE.plusSeconds(1));
		assertThat(this.topic.restartAndSeeProducers()).isEmpty();
	}

	@Test
	void generatedNameOfAnEarlierLifeOfTheBrokerMustBeForgotten() {
		String name = GeneratedNames.next();
		this.topic.openGenerated(PRODUCER, name);
		this.topic.publish(PRODUCER, 0, 3);
		assertThat(this.topic.restartAndSeeProducers()).containsExactly(name);
		this.topic.advance(GRACE.plusSeconds(1));
		assertThat(this.topic.restartAndSeeProducers()).isEmpty();
	}

	@Test
	void givenNameMustBeForgottenWhenNobodyUsedItForLong() {
		this.topic.openProducer(PRODUCER, "given");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.closeProducer(PRODUCER);
		this.topic.advance(EXPIRY.minusHours(1));
		assertLastSequence(this.topic.openProducer(PRODUCER, "given"), 2);
		this.topic.closeProducer(PRODUCER);
		this.topic.advance(EXPIRY.plusHours(1));
		assertLastSequence(this.topic.openProducer(PRODUCER, "given"), -1);
	}

	@Test
	void namesMustBeForgottenOneAfterTheOther() {
		this.topic.openProducer(PRODUCER, "first");
		this.topic.openProducer(OTHER, "second");
		this.topic.closeProducer(PRODUCER);
		this.topic.advance(EXPIRY.dividedBy(2));
		this.topic.closeProducer(OTHER);
		this.topic.advance(EXPIRY.dividedBy(2).plusHours(1));
		this.topic.advance(EXPIRY.dividedBy(2));
		assertThat(this.topic.restartAndSeeProducers()).isEmpty();
	}

	@Test
	void nameMustBeForgottenAlsoWhenTheLastThingItSentWasNotStored() {
		this.topic.openProducer(PRODUCER, "given");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.holdStorage();
		this.topic.publish(PRODUCER, 3, 3);
		this.topic.failNext("disk full");
		this.topic.releaseStorage();
		this.topic.closeProducer(PRODUCER);
		this.topic.advance(EXPIRY.plusHours(1));
		assertThat(this.topic.restartAndSeeProducers()).isEmpty();
	}

	@Test
	void nameOfWhichSomethingIsBeingStoredMustNotBeForgotten() {
		this.topic.openProducer(PRODUCER, "given");
		this.topic.holdStorage();
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.endSession(PRODUCER.session());
		this.topic.advance(EXPIRY.plusHours(1));
		this.topic.releaseStorage();
		assertLastSequence(this.topic.openProducer(OTHER, "given"), 2);
	}

	@Test
	void producersOfATopicMustBeBoundedAndWhoIsThereMayComeAgain() {
		Budgets two = new Budgets((limit) -> (limit == BrokerLimit.PRODUCERS_PER_TOPIC) ? 2 : limit.max());
		TopicHarness crowded = new TopicHarness("topic", two);
		crowded.openProducer(PRODUCER, "a");
		crowded.openProducer(OTHER, "b");
		long third = crowded.openProducer(THIRD, "c");
		assertThat(crowded.answer(third)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
			assertThat(refused.reason()).contains("2 producers", "weir.broker.limits.producers-per-topic");
		});
		assertThat(two.of(BrokerLimit.PRODUCERS_PER_TOPIC).refused()).isOne();
		long again = crowded.openProducer(THIRD, "a", -1, AccessMode.EXCLUSIVE);
		assertThat(crowded.answer(again)).isInstanceOf(Effect.ProducerOpened.class);
		crowded.closeProducer(OTHER);
		crowded.closeProducer(PRODUCER);
		assertThat(crowded.answer(crowded.openProducer(OTHER, "b"))).isInstanceOf(Effect.ProducerOpened.class);
		crowded.close();
	}

	@Test
	void consumersOfATopicMustBeBoundedAndWhoIsThereMayComeAgain() {
		Budgets two = new Budgets((limit) -> (limit == BrokerLimit.CONSUMERS_PER_TOPIC) ? 2 : limit.max());
		TopicHarness crowded = new TopicHarness("topic", two);
		ConsumerInstance instance = ConsumerInstance.once();
		crowded.introduce(PRODUCER, "s", SubscriptionType.SHARED, true, instance);
		crowded.read(OTHER, "reader");
		for (long refused : List.of(crowded.read(THIRD, "another"),
				crowded.introduce(THIRD, "s", SubscriptionType.SHARED, true, ConsumerInstance.once()))) {
			assertThat(crowded.answer(refused)).isInstanceOfSatisfying(Effect.Refused.class, (answer) -> {
				assertThat(answer.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
				assertThat(answer.reason()).contains("2 consumers", "weir.broker.limits.consumers-per-topic");
			});
		}
		assertThat(two.of(BrokerLimit.CONSUMERS_PER_TOPIC).refused()).isEqualTo(2);
		ConsumerInstance later = new ConsumerInstance(instance.id(), instance.epoch() + 1);
		assertThat(crowded.answer(crowded.introduce(THIRD, "s", SubscriptionType.SHARED, true, later)))
			.isInstanceOf(Effect.Done.class);
		crowded.closeConsumer(OTHER);
		assertThat(crowded.answer(crowded.read(OTHER, "another"))).isInstanceOf(Effect.Done.class);
		crowded.close();
	}

	@Test
	void namesOfATopicMustBeBounded() {
		this.topic.openProducer(PRODUCER, "a");
		this.topic.openGenerated(OTHER, "b");
		assertRefused(this.topic.openProducer(THIRD, "c"), BrokerLimit.PRODUCER_NAMES_PER_TOPIC);
		assertThat(this.topic.answer(this.topic.openProducer(THIRD, "a", -1, AccessMode.EXCLUSIVE))).as("a known name")
			.isInstanceOf(Effect.ProducerOpened.class);
		this.topic.closeProducer(OTHER);
		assertLastSequence(this.topic.openProducer(OTHER, "c"), -1);
	}

	@Test
	void namesOfAllTopicsMustBeBounded() {
		Budgets few = new Budgets((limit) -> (limit == BrokerLimit.PRODUCER_NAMES) ? 2 : limit.defaultValue(1 << 30));
		TopicHarness first = new TopicHarness("first", few);
		TopicHarness second = new TopicHarness("second", few);
		first.openProducer(PRODUCER, "a");
		second.openGenerated(OTHER, "b");
		assertThat(first.answer(first.openProducer(THIRD, "c"))).isInstanceOfSatisfying(Effect.Refused.class,
				(refused) -> {
					assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
					assertThat(refused.reason()).contains("weir.broker.limits.producer-names");
				});
		assertThat(few.of(BrokerLimit.PRODUCER_NAMES).refused()).isOne();
		second.closeProducer(OTHER);
		first.openProducer(THIRD, "c");
		first.publish(THIRD, 0, 1);
		first.restart();
		assertThat(few.of(BrokerLimit.PRODUCER_NAMES).used()).as("what is stored, and no more").isEqualTo(2);
		assertThat(first.close()).isZero();
		assertThat(second.close()).isZero();
		assertThat(few.of(BrokerLimit.PRODUCER_NAMES).used()).isZero();
	}

	@Test
	void subscriptionsOfATopicMustBeBounded() {
		this.topic.consume(PRODUCER, "a", 1);
		this.topic.read(OTHER, "b");
		assertRefused(this.topic.subscribe(THIRD, "c", SubscriptionType.SHARED, InitialPosition.LATEST),
				BrokerLimit.SUBSCRIPTIONS_PER_TOPIC);
		this.topic.endSession(OTHER.session());
		assertThat(this.topic.answer(this.topic.subscribe(THIRD, "c", SubscriptionType.SHARED, InitialPosition.LATEST)))
			.isInstanceOf(Effect.Done.class);
	}

	private void assertRefused(long request, BrokerLimit limit) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
			assertThat(refused.code().retryable()).isTrue();
			assertThat(refused.reason()).contains("may not have more");
		});
		assertThat(this.budgets.of(limit).refused()).isOne();
	}

	private void assertLastSequence(long request, long lastSequence) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.ProducerOpened.class,
				(opened) -> assertThat(opened.lastSequence()).isEqualTo(lastSequence));
	}

}
