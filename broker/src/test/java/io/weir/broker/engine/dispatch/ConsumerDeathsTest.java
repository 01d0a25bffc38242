package io.weir.broker.engine.dispatch;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.time.BackoffRule;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** What consumers get after others have died, once all is known of what these had. */
class ConsumerDeathsTest extends TopicFixture {

	private static final RedeliveryPolicy TWICE = new RedeliveryPolicy(0, BackoffRule.NONE, 2, "dead");

	private static final int MANY = 50;

	private long sessions = 10;

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void messageThatKilledConsumersMustNotBeSuspectedAnyMoreAsADeadLetter() {
		publishEntries(1, 1);
		for (int death = 0; death < 3; death++) {
			assertThat(die()).containsExactly(0L);
		}
		assertThat(this.topic.forwarded()).hasSize(1);
		this.topic.publish(PRODUCER, 1, 1);
		die();
		die();
		Peer consumer = newConsumer();
		assertThat(sequences(consumer)).containsExactly(1L);
		this.topic.acknowledge(consumer, id(1));
		publishMore(2);
		assertThat(sequences(consumer)).hasSize(MANY);
	}

	@Test
	void messageThatKilledConsumersMustNotBeSuspectedAnyMoreWhenItHasExpired() {
		this.topic.expiring(PRODUCER, 0, this.topic.now() + 60_000);
		die();
		die();
		publishMore(1);
		this.topic.advance(Duration.ofMinutes(2));
		assertThat(sequences(newConsumer())).hasSize(MANY);
	}

	@Test
	void messageThatKilledConsumersMustNotBeSuspectedAnyMoreWhenItHasExpiredAndIsADeadLetter() {
		Policies none = Policies.none();
		this.topic.setPolicies(new Policies(none.retention(), none.messageTtl(), none.backlogQuota(),
				none.backlogQuotaPolicy(), none.compaction(), none.expireAfter(), new Policies.OfSubscription(null,
						null, null, null, null, null, new Topic("dead"), Policies.UNLIMITED, true),
				none.subscriptions()));
		this.topic.expiring(PRODUCER, 0, this.topic.now() + 60_000);
		die();
		die();
		publishMore(1);
		this.topic.advance(Duration.ofMinutes(2));
		assertThat(sequences(newConsumer())).hasSize(MANY);
		assertThat(this.topic.forwarded()).hasSize(1);
	}

	@Test
	void messageThatKilledConsumersMustNotBeSuspectedAnyMoreWhenTheLogIsTrimmed() {
		publishEntries(1, 1);
		die();
		die();
		publishMore(1);
		this.topic.trim(new Position(0, 1), true);
		assertThat(sequences(newConsumer())).hasSize(MANY);
	}

	/** The one who finds it expired is not the one whose key was blocked. */
	@Test
	void keyThatWasBlockedMustGoOnWhenTheSuspectHasExpired() {
		Peer first = newConsumer(SubscriptionType.KEY_SHARED);
		publishEntries(MANY, 1);
		List<Long> delivered = sequences(first);
		assertThat(delivered).hasSize(MANY);
		for (long entry = 0; entry < MANY; entry++) {
			this.topic.negativeAcknowledge(first, Duration.ofMinutes(1), id(entry));
		}
		this.topic.expiring(PRODUCER, 1_000, this.topic.now() + 60_000);
		this.topic.acknowledge(first, id(0), id(10), id(20), id(30), id(40));
		assertThat(sequences(first)).containsExactly(1_000L);
		this.topic.endSession(first.session());
		Peer second = newConsumer(SubscriptionType.KEY_SHARED);
		assertThat(sequences(second)).containsExactly(1_000L);
		this.topic.endSession(second.session());
		this.topic.advance(Duration.ofMinutes(2));
		Peer third = newConsumer(SubscriptionType.KEY_SHARED);
		Peer fourth = newConsumer(SubscriptionType.KEY_SHARED);
		this.topic.advance(Duration.ofMillis(50));
		assertThat(sequences(third).size() + sequences(fourth).size()).isEqualTo(MANY - 5);
	}

	private List<Long> die() {
		Peer consumer = newConsumer();
		List<Long> had = sequences(consumer);
		this.topic.endSession(consumer.session());
		return had;
	}

	private void publishMore(long firstSequence) {
		for (int i = 0; i < MANY; i++) {
			this.topic.publish(PRODUCER, firstSequence + i, 1);
		}
	}

	private Peer newConsumer() {
		return newConsumer(SubscriptionType.SHARED);
	}

	private Peer newConsumer(SubscriptionType type) {
		Peer consumer = new Peer(++this.sessions, 1);
		this.topic.subscribe(consumer, "s", type, TWICE);
		this.topic.flow(consumer, 100);
		return consumer;
	}

}
