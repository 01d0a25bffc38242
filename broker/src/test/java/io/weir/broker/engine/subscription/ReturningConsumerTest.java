package io.weir.broker.engine.subscription;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** A consumer comes back before anybody has noticed that its session is dead. */
class ReturningConsumerTest extends TopicFixture {

	private static final Peer FORMER = new Peer(2, 7);

	private static final Peer RETURNED = new Peer(3, 1);

	private static final Peer OTHER = new Peer(4, 1);

	private final ConsumerInstance instance = ConsumerInstance.once();

	@BeforeEach
	void publishThree() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(3, 1);
	}

	@ParameterizedTest
	@EnumSource
	void consumerThatComesBackMustReplaceItsFormerSelfAtOnce(SubscriptionType type) {
		introduce(FORMER, type, this.instance);
		this.topic.flow(FORMER, 10);
		assertThat(sequences(FORMER)).containsExactlyInAnyOrder(0L, 1L, 2L);
		this.topic.acknowledge(FORMER, id(0));
		assertThat(introduce(RETURNED, type, this.instance.next())).isInstanceOf(Effect.Done.class);
		this.topic.flow(RETURNED, 10);
		assertThat(this.topic.deliveries(RETURNED)).containsExactlyInAnyOrder(new Delivery(id(1), 1, 1),
				new Delivery(id(2), 2, 1));
		assertThat(this.topic.subscription("s").consumers()).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void whatTheFormerSessionStillSaysMustDisturbNobody(SubscriptionType type) {
		introduce(FORMER, type, this.instance);
		introduce(RETURNED, type, this.instance.next());
		this.topic.flow(FORMER, 10);
		assertThat(sequences(FORMER)).isEmpty();
		this.topic.flow(RETURNED, 10);
		assertThat(sequences(RETURNED)).containsExactlyInAnyOrder(0L, 1L, 2L);
		assertThat(this.topic.answer(this.topic.acknowledge(FORMER, id(0)))).isInstanceOf(Effect.Refused.class);
		this.topic.endSession(FORMER.session());
		assertThat(this.topic.subscription("s").consumers()).hasSize(1);
		assertThat(this.topic.subscription("s").inFlight()).isEqualTo(3);
	}

	@Test
	void sameEpochMustBeRefusedASecondTime() {
		introduce(FORMER, SubscriptionType.SHARED, this.instance);
		assertThat(introduce(RETURNED, SubscriptionType.SHARED, this.instance)).isInstanceOfSatisfying(
				Effect.Refused.class, (refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.CONSUMER_REPLACED));
		this.topic.flow(FORMER, 10);
		assertThat(sequences(FORMER)).containsExactly(0L, 1L, 2L);
	}

	@Test
	void lateRequestOfAnEarlierEpochMustBeRefused() {
		introduce(RETURNED, SubscriptionType.EXCLUSIVE, this.instance.next());
		Effect answer = introduce(FORMER, SubscriptionType.EXCLUSIVE, this.instance);
		assertThat(answer).isInstanceOfSatisfying(Effect.Refused.class,
				(refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.CONSUMER_REPLACED));
		this.topic.flow(RETURNED, 10);
		assertThat(sequences(RETURNED)).containsExactly(0L, 1L, 2L);
	}

	@Test
	void consumerThatComesBackMustKeepItsPlaceInTheOrderOfArrival() {
		introduce(FORMER, SubscriptionType.FAILOVER, this.instance);
		introduce(OTHER, SubscriptionType.FAILOVER, ConsumerInstance.once());
		this.topic.flow(FORMER, 10);
		this.topic.flow(OTHER, 10);
		sequences(FORMER);
		introduce(RETURNED, SubscriptionType.FAILOVER, this.instance.next());
		this.topic.flow(RETURNED, 10);
		assertThat(sequences(RETURNED)).containsExactly(0L, 1L, 2L);
		assertThat(sequences(OTHER)).isEmpty();
	}

	@Test
	void anotherConsumerMustStillFindAnExclusiveSubscriptionBusy() {
		introduce(FORMER, SubscriptionType.EXCLUSIVE, this.instance);
		assertThat(introduce(OTHER, SubscriptionType.EXCLUSIVE, ConsumerInstance.once())).isInstanceOfSatisfying(
				Effect.Refused.class, (refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.SUBSCRIPTION_BUSY));
	}

	@Test
	void readerThatComesBackMustBeginAnew() {
		read(FORMER, this.instance);
		this.topic.flow(FORMER, 10);
		sequences(FORMER);
		assertThat(read(RETURNED, this.instance.next())).isInstanceOf(Effect.Done.class);
		this.topic.flow(RETURNED, 10);
		assertThat(this.topic.deliveries(RETURNED)).extracting(Delivery::redeliveryCount).containsExactly(0, 0, 0);
		assertThat(read(OTHER, ConsumerInstance.once())).isInstanceOf(Effect.Refused.class);
	}

	@Test
	void consumerThatComesBackWhileItsSubscriptionIsStoredMustReplaceItself() {
		this.topic.holdStorage();
		long first = this.topic.introduce(FORMER, "s", SubscriptionType.EXCLUSIVE, true, this.instance);
		long second = this.topic.introduce(RETURNED, "s", SubscriptionType.EXCLUSIVE, true, this.instance.next());
		this.topic.releaseStorage();
		assertThat(this.topic.answer(first)).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(second)).isInstanceOf(Effect.Done.class);
		this.topic.flow(RETURNED, 10);
		assertThat(sequences(RETURNED)).containsExactly(0L, 1L, 2L);
	}

	private Effect introduce(Peer consumer, SubscriptionType type, ConsumerInstance as) {
		return this.topic.answer(this.topic.introduce(consumer, "s", type, true, as));
	}

	private Effect read(Peer consumer, ConsumerInstance as) {
		return this.topic.answer(this.topic.introduce(consumer, "r", SubscriptionType.EXCLUSIVE, false, as));
	}

}
