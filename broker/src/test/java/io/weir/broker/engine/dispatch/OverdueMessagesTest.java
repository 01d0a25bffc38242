package io.weir.broker.engine.dispatch;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** Messages that are not acknowledged in time. */
class OverdueMessagesTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void itMustBeKnownAfterARestartThatAMessageWasNotAcknowledgedInTime() {
		subscribe(CONSUMER, TIMEOUT);
		publishEntries(1, 1);
		sequences(CONSUMER);
		this.topic.advance(TIMEOUT.plusSeconds(1));
		assertThat(this.topic.deliveries(CONSUMER)).containsExactly(new Delivery(id(0), 0, 1));
		this.topic.restart();
		this.topic.share(CONSUMER, "s", 10);
		assertThat(this.topic.deliveries(CONSUMER)).containsExactly(new Delivery(id(0), 0, 1));
	}

	@Test
	void whatWasDeliveredWithoutATimeoutMustNotComeAgainForOneThatIsStatedLater() {
		this.topic.share(CONSUMER, "s", 1);
		publishEntries(2, 1);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		Peer other = new Peer(3, 1);
		subscribe(other, TIMEOUT);
		assertThat(sequences(other)).containsExactly(1L);
		this.topic.advance(TIMEOUT.plusSeconds(1));
		assertThat(sequences(other)).containsExactly(1L);
	}

	@Test
	void topicMustSleepUntilTheNextMessageMustBeAcknowledged() {
		subscribe(CONSUMER, TIMEOUT);
		this.topic.publish(PRODUCER, 0, 1);
		this.topic.advance(TIMEOUT.dividedBy(2));
		this.topic.publish(PRODUCER, 1, 1);
		assertThat(sequences(CONSUMER)).containsExactly(0L, 1L);
		this.topic.advance(TIMEOUT.dividedBy(2).plusSeconds(1));
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		assertThat(this.topic.wakeAt()).isBetween(this.topic.now() + 3_000, this.topic.now() + 5_000);
		this.topic.acknowledge(CONSUMER, id(0), id(1));
		this.topic.setClock(this.topic.wakeAt());
		assertThat(this.topic.wakeAt()).isGreaterThan(this.topic.now() + TIMEOUT.toMillis());
	}

	private void subscribe(Peer consumer, Duration timeout) {
		this.topic.subscribe(consumer, "s", SubscriptionType.SHARED,
				new RedeliveryPolicy(timeout.toMillis(), BackoffRule.NONE, 0, null));
		this.topic.flow(consumer, 100);
	}

}
