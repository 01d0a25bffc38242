package io.weir.broker.engine.topic;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Who was never given what was trimmed is told. */
class TrimmedMessagesTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Peer OTHER = new Peer(3, 1);

	private static final Duration PAUSE = Duration.ofMinutes(1);

	@BeforeEach
	void publishFourEntriesOfThree() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(4, 3);
	}

	@Test
	void consumerAndLogMustBeToldHowManyMessagesWereNeverDelivered() {
		this.topic.consume(CONSUMER, "s", 1);
		this.topic.trim(at(2), true);
		assertThat(told()).containsExactly(new Effect.MessagesTrimmed(CONSUMER, 5, at(2)));
		assertThat(logged()).containsExactly(new Effect.SubscriptionTrimmed("s", 5, at(2)));
		assertThat(this.topic.subscription("s").trimmed()).isEqualTo(5);
		assertThat(this.topic.figures().trimmed()).isEqualTo(5);
	}

	@Test
	void firstConsumerThatComesMustBeToldWhatWasTrimmedWhileThereWasNone() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST);
		this.topic.closeConsumer(CONSUMER);
		this.topic.trim(at(2), true);
		assertThat(told()).isEmpty();
		assertThat(logged()).containsExactly(new Effect.SubscriptionTrimmed("s", 6, at(2)));
		this.topic.share(CONSUMER, "s", 0);
		this.topic.share(OTHER, "s", 0);
		this.topic.advance(PAUSE);
		assertThat(told()).containsExactly(new Effect.MessagesTrimmed(CONSUMER, 6, at(2)));
	}

	@Test
	void allConsumersMustBeToldAndThoseOfOtherSubscriptionsNot() {
		this.topic.share(CONSUMER, "s", 0);
		this.topic.share(OTHER, "s", 0);
		this.topic.consume(new Peer(4, 1), "ahead", 100);
		sequences(new Peer(4, 1));
		this.topic.acknowledgeUpTo(new Peer(4, 1), id(1, 2));
		this.topic.trim(at(2), true);
		assertThat(told()).containsExactly(new Effect.MessagesTrimmed(CONSUMER, 6, at(2)),
				new Effect.MessagesTrimmed(OTHER, 6, at(2)));
		assertThat(this.topic.subscription("ahead").trimmed()).isZero();
	}

	@Test
	void whatIsAcknowledgedOrWithAConsumerMustNotCount() {
		this.topic.consume(CONSUMER, "s", 5);
		this.topic.acknowledge(CONSUMER, id(0), id(0, 1), id(0, 2));
		this.topic.trim(new Position(0, 1), true);
		assertThat(told()).isEmpty();
		this.topic.trim(at(2), true);
		assertThat(told()).containsExactly(new Effect.MessagesTrimmed(CONSUMER, 1, at(2)));
	}

	@Test
	void manyTrimsMustBeToldAtOnceAndThenTogetherAfterAWhile() {
		this.topic.consume(CONSUMER, "s", 0);
		this.topic.trim(at(1), true);
		this.topic.trim(at(2), true);
		this.topic.trim(at(3), true);
		assertThat(told()).containsExactly(new Effect.MessagesTrimmed(CONSUMER, 3, at(1)));
		assertThat(logged()).hasSize(1);
		assertThat(this.topic.subscription("s").trimmed()).isEqualTo(9);
		this.topic.advance(PAUSE);
		assertThat(told()).last().isEqualTo(new Effect.MessagesTrimmed(CONSUMER, 6, at(3)));
		assertThat(logged()).containsExactly(new Effect.SubscriptionTrimmed("s", 6, at(3)));
		this.topic.advance(PAUSE);
		assertThat(told()).hasSize(2);
	}

	@Test
	void readerMustBeToldAndTheLogNot() {
		this.topic.read(CONSUMER, "r");
		this.topic.trim(at(2), false);
		assertThat(told()).containsExactly(new Effect.MessagesTrimmed(CONSUMER, 6, at(2)));
		assertThat(logged()).isEmpty();
		assertThat(this.topic.subscription("r").trimmed()).isEqualTo(6);
		assertThat(this.topic.figures().trimmed()).isZero();
	}

	private static Position at(long entry) {
		return new Position(0, entry);
	}

	private List<Effect.MessagesTrimmed> told() {
		return this.topic.told(Effect.MessagesTrimmed.class);
	}

	private List<Effect> logged() {
		return this.topic.takeIdle().stream().filter(Effect.SubscriptionTrimmed.class::isInstance).toList();
	}

}
