package io.weir.broker.engine.topic;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.ErrorCode;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** What is left of a topic that is closed, or loses its log. */
class ClosedTopicTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Duration LONG = Duration.ofHours(1);

	private static final StorageFailure LOST = new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "a newer owner");

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void topicThatIsClosedMustNotCountAnyMore() {
		EngineFigures figures = this.topic.figures();
		publishEntries(3, 1);
		this.topic.delay(PRODUCER, 3, this.topic.now() + LONG.toMillis());
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.KEY_SHARED,
				new RedeliveryPolicy(0, BackoffRule.NONE, 1, "dead"));
		this.topic.flow(CONSUMER, 10);
		sequences(CONSUMER);
		this.topic.holdStorage();
		this.topic.negativeAcknowledge(CONSUMER, LONG, id(0));
		this.topic.giveUp(CONSUMER, id(1), "no");
		assertThat(figures.size()).isPositive();
		assertThat(figures.backlog()).isPositive();
		assertThat(figures.delayed()).isOne();
		assertThat(figures.parkedKeys()).isOne();
		assertThat(figures.deadLettersWaiting()).isOne();
		this.topic.restart();
		this.topic.releaseStorage();
		assertThat(figures.size()).isZero();
		assertThat(figures.backlog()).isZero();
		assertThat(figures.delayed()).isZero();
		assertThat(figures.parkedKeys()).isZero();
		assertThat(figures.deadLettersWaiting()).isZero();
	}

	@Test
	void producersMustBeLetGoWhenTheLogIsLost() {
		this.topic.holdStorage();
		this.topic.publish(PRODUCER, 0, 1);
		this.topic.handle(new Command.LogLost(LOST));
		assertThat(this.topic.told(Effect.ProducerClosed.class)).singleElement()
			.satisfies((closed) -> assertThat(closed.reason()).contains("a newer owner"));
		this.topic.releaseStorage();
		this.topic.openProducer(PRODUCER, "p");
		assertRefused(this.topic.publish(PRODUCER, 1, 1), ErrorCode.STORAGE_UNAVAILABLE, "a newer owner");
	}

	@Test
	void whoeverWaitsForACancellationWhenTheLogIsLostMustBeRefused() {
		long delayed = this.topic.delay(PRODUCER, 0, this.topic.now() + LONG.toMillis());
		this.topic.holdStorage();
		this.topic.advance(LONG);
		long request = this.topic.cancel(PRODUCER, this.topic.positionOf(delayed));
		assertThat(this.topic.answer(request)).as("a page is on its way").isNull();
		this.topic.handle(new Command.LogLost(LOST));
		assertRefused(request, ErrorCode.STORAGE_UNAVAILABLE, "a newer owner");
	}

}
