package io.weir.broker.engine.subscription;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** Subscriptions that end with their consumer. */
class NonDurableSubscriptionTest extends TopicFixture {

	private static final Peer READER = new Peer(2, 1);

	private static final Peer OTHER = new Peer(3, 1);

	@BeforeEach
	void publishThree() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.publish(PRODUCER, 0, 1);
		this.topic.publish(PRODUCER, 1, 2);
	}

	@Test
	void nothingMustBeStored() {
		this.topic.holdStorage();
		assertThat(this.topic.answer(this.topic.read(READER, "r"))).isInstanceOf(Effect.Done.class);
		this.topic.flow(READER, 10);
		this.topic.releaseStorage();
		assertThat(sequences(READER)).containsExactly(0L, 1L, 2L);
		this.topic.holdStorage();
		assertThat(this.topic.answer(this.topic.acknowledge(READER, id(0, 0)))).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(this.topic.acknowledgeUpTo(READER, id(1, 0)))).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.underWay()).isEmpty();
		assertThat(this.topic.subscription("r").backlog()).isOne();
		assertThat(this.topic.subscription("r").durable()).isFalse();
		this.topic.releaseStorage();
		this.topic.restart();
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
	}

	@Test
	void subscriptionMustEndWithItsConsumer() {
		this.topic.read(READER, "r");
		this.topic.flow(READER, 1);
		assertThat(sequences(READER)).containsExactly(0L);
		this.topic.endSession(READER.session());
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
		this.topic.read(READER, "r");
		this.topic.handle(new Command.CloseConsumer(new ReplyTo(READER.session(), 1000), READER));
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
		this.topic.read(READER, "r");
		assertThat(this.topic.answer(this.topic.unsubscribe(READER))).isInstanceOf(Effect.Unsubscribed.class);
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
		this.topic.read(READER, "r");
		this.topic.flow(READER, 10);
		assertThat(sequences(READER)).as("a new one, each time").containsExactly(0L, 1L, 2L);
	}

	@Test
	void readerMustNotBeGivenAgainWhatItHasReadNorBecomeADeadLetterWhateverAdministratorsSay() {
		Policies none = Policies.none();
		this.topic.setPolicies(new Policies(none.retention(), none.messageTtl(), none.backlogQuota(),
				none.backlogQuotaPolicy(), none.compaction(), none.expireAfter(), new Policies.OfSubscription(null,
						null, null, null, 1_000L, 0, new Topic("dead"), Policies.UNLIMITED, false),
				Map.of()));
		this.topic.read(READER, "r");
		this.topic.flow(READER, 10);
		assertThat(sequences(READER)).containsExactly(0L, 1L, 2L);
		this.topic.advance(Duration.ofSeconds(10));
		assertThat(sequences(READER)).isEmpty();
		assertThat(this.topic.forwarded()).isEmpty();
	}

	@Test
	void subscriptionThatCannotReadMustEnd() {
		this.topic.read(READER, "r");
		this.topic.holdStorage();
		this.topic.flow(READER, 10);
		while (!(this.topic.underWay().peek() instanceof Storing.Read)) {
			this.topic.storeNext();
		}
		this.topic.failNext("damaged");
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).hasSize(1);
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
	}

	@Test
	void nameOfADurableSubscriptionMustBeRefused() {
		this.topic.consume(OTHER, "s", 1);
		assertRefused(this.topic.read(READER, "s"), ErrorCode.INVALID_REQUEST, "'s' exists and is durable");
		assertThat(this.topic.subscription("s").consumers()).hasSize(1);
	}

	@Test
	void nobodyElseMayHaveTheNameMeanwhile() {
		this.topic.read(READER, "r");
		assertRefused(this.topic.read(OTHER, "r"), ErrorCode.SUBSCRIPTION_BUSY, "'r' is not durable and belongs");
		assertRefused(this.topic.subscribe(OTHER, "r", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST),
				ErrorCode.SUBSCRIPTION_BUSY, "'r' is not durable and belongs");
		assertRefused(this.topic.read(READER, "q"), ErrorCode.INVALID_REQUEST, "is subscribed already");
		this.topic.endSession(READER.session());
		assertThat(this.topic
			.answer(this.topic.subscribe(OTHER, "r", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST)))
			.isInstanceOf(Effect.Done.class);
	}

}
