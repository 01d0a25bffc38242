package io.weir.broker.engine.subscription;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** Removing a subscription. */
class UnsubscribeTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	@BeforeEach
	void publishTwo() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(2, 1);
	}

	@Test
	void removedSubscriptionMustBeGoneAlsoAfterARestart() {
		this.topic.consume(FIRST, "s", 10);
		long request = this.topic.unsubscribe(FIRST);
		assertThat(this.topic.answer(request)).isInstanceOf(Effect.Unsubscribed.class);
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
		this.topic.restart();
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
	}

	@Test
	void nextOfTheNameMustBeANewSubscription() {
		this.topic.consume(FIRST, "s", 10);
		this.topic.deliveries(FIRST);
		this.topic.acknowledge(FIRST, id(0));
		this.topic.unsubscribe(FIRST);
		assertRefused(this.topic.acknowledge(FIRST, id(1)), ErrorCode.UNKNOWN_CONSUMER, "1");
		this.topic.share(FIRST, "s", 10);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0), 0, 0), new Delivery(id(1), 1, 0));
	}

	@Test
	void whatWasAskedInTheEarlierLifeMustNotTouchTheNext() {
		this.topic.holdStorage();
		this.topic.share(FIRST, "s", 10);
		this.topic.storeNext();
		assertThat(this.topic.underWay()).hasExactlyElementsOfTypes(Storing.FindOrdinal.class, Storing.Read.class);
		Storing find = this.topic.underWay().remove();
		Storing read = this.topic.underWay().remove();
		this.topic.unsubscribe(FIRST);
		this.topic.storeAll();
		this.topic.subscribe(SECOND, "s", SubscriptionType.SHARED, InitialPosition.LATEST);
		this.topic.storeAll();
		this.topic.underWay().add(find);
		this.topic.underWay().add(read);
		this.topic.releaseStorage();
		assertThat(this.topic.subscription("s").backlog()).isZero();
		this.topic.flow(SECOND, 10);
		assertThat(this.topic.deliveries(SECOND)).isEmpty();
	}

	@Test
	void subscriptionWithOtherConsumersMustStay() {
		this.topic.share(FIRST, "s", 10);
		this.topic.share(SECOND, "s", 10);
		assertRefused(this.topic.unsubscribe(FIRST), ErrorCode.SUBSCRIPTION_BUSY, "has other consumers");
		this.topic.endSession(SECOND.session());
		assertThat(this.topic.answer(this.topic.unsubscribe(FIRST))).isInstanceOf(Effect.Unsubscribed.class);
	}

	@Test
	void acknowledgementsOnTheirWayMustBeAnswered() {
		this.topic.consume(FIRST, "s", 10);
		this.topic.deliveries(FIRST);
		this.topic.holdStorage();
		long first = this.topic.acknowledge(FIRST, id(0));
		long second = this.topic.acknowledge(FIRST, id(1));
		long unsubscribe = this.topic.unsubscribe(FIRST);
		assertRefused(this.topic.unsubscribe(FIRST), ErrorCode.SUBSCRIPTION_BUSY, "is being removed");
		assertRefused(this.topic.subscribe(SECOND, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST),
				ErrorCode.SUBSCRIPTION_BUSY, "is being removed");
		this.topic.releaseStorage();
		assertThat(this.topic.answer(first)).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(second)).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(unsubscribe)).isInstanceOf(Effect.Unsubscribed.class);
	}

	@Test
	void subscriptionThatCannotBeRemovedMustGoOn() {
		this.topic.consume(FIRST, "s", 1);
		this.topic.deliveries(FIRST);
		this.topic.holdStorage();
		long unsubscribe = this.topic.unsubscribe(FIRST);
		long acknowledge = this.topic.acknowledge(FIRST, id(0));
		this.topic.failNext("disk full");
		assertRefused(unsubscribe, ErrorCode.STORAGE_FAILED, "disk full");
		this.topic.releaseStorage();
		assertThat(this.topic.answer(acknowledge)).isInstanceOf(Effect.Done.class);
		this.topic.flow(FIRST, 1);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(1), 1, 0));
	}

}
