package io.weir.broker.engine.topic;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.NoteReplayed;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.runtime.TopicHarness;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.Budgets;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** When a topic may leave the memory, and when it has expired. */
class IdlenessTest {

	private static final Peer PRODUCER = new Peer(1, 1);

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Duration IDLE = Duration.ofMinutes(5);

	private static final Duration DAY = Duration.ofDays(1);

	private final TopicHarness topic = topic("topic");

	private static TopicHarness topic(String name) {
		return new TopicHarness(name, new Budgets((limit) -> switch (limit) {
			case TOPIC_IDLE_TIME -> IDLE.toMillis();
			case PRODUCER_NAME_EXPIRY -> 7 * DAY.toMillis();
			default -> limit.max();
		}));
	}

	@AfterEach
	void buffersMustBeReleased() {
		assertThat(this.topic.close()).isZero();
	}

	@Test
	void topicInWhichNothingHappensMustLeaveTheMemoryAfterAWhile() {
		publish();
		advance(IDLE);
		assertThat(rests()).as("it has a producer").isEmpty();
		this.topic.closeProducer(PRODUCER);
		advance(IDLE.minusSeconds(1));
		assertThat(rests()).isEmpty();
		advance(Duration.ofSeconds(1));
		assertThat(rests()).hasSize(1);
		advance(IDLE);
		assertThat(rests()).as("again, if it was not possible").hasSize(1);
	}

	@Test
	void topicThatHasSomethingToDoSoonMustStayAndComeBackInTimeForWhatIsLater() {
		this.topic.openProducer(PRODUCER, "p");
		long due = this.topic.now() + 10 * IDLE.toMillis();
		this.topic.delay(PRODUCER, 0, due);
		this.topic.closeProducer(PRODUCER);
		advance(IDLE);
		assertThat(rests()).singleElement().satisfies((rest) -> assertThat(rest.wakeAt()).isEqualTo(due));
		this.topic.setClock(due - IDLE.toMillis() / 2);
		advance(Duration.ZERO);
		assertThat(rests()).isEmpty();
		assertThat(this.topic.stored()).isEmpty();
		advance(IDLE);
		assertThat(this.topic.stored()).hasSize(1);
	}

	@Test
	void whatIsNotStoredMustKeepATopicInMemory() {
		publish();
		this.topic.closeProducer(PRODUCER);
		this.topic.share(CONSUMER, "s", 10);
		List<TopicHarness.Delivery> delivered = this.topic.deliveries(CONSUMER);
		this.topic.negativeAcknowledge(CONSUMER, DAY, delivered.get(0).id());
		this.topic.closeConsumer(CONSUMER);
		advance(IDLE);
		advance(IDLE);
		assertThat(rests()).as("a message waits for its time").isEmpty();
		advance(DAY);
		advance(IDLE);
		assertThat(rests()).isNotEmpty();
	}

	@Test
	void suspectThatMayHaveKilledItsConsumerMustKeepATopicInMemory() {
		publish();
		this.topic.closeProducer(PRODUCER);
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED,
				new RedeliveryPolicy(0, BackoffRule.NONE, 10, "dead"));
		this.topic.flow(CONSUMER, 10);
		this.topic.deliveries(CONSUMER);
		this.topic.endSession(CONSUMER.session());
		advance(IDLE);
		advance(IDLE);
		assertThat(rests()).isEmpty();
	}

	@Test
	void nameOfAProducerMustBeForgottenInTimeThoughItsTopicWasNotInMemory() {
		publish();
		this.topic.closeProducer(PRODUCER);
		advance(IDLE);
		Effect.Rest rest = rests().get(0);
		assertThat(rest.wakeAt() - this.topic.now()).isBetween(6 * DAY.toMillis(), 7 * DAY.toMillis());
		this.topic.reopen(rest.asleep());
		advance(DAY.multipliedBy(4));
		rest = rests().get(0);
		this.topic.reopen(rest.asleep());
		this.topic.setClock(rest.wakeAt());
		advance(Duration.ZERO);
		assertThat(this.topic.restartAndSeeProducers()).isEmpty();
	}

	@Test
	void unusedTopicMustExpireAlsoIfItWasNotInMemoryMeanwhile() {
		publish();
		this.topic.setPolicies(policies(DAY, 0, false));
		advance(DAY.multipliedBy(2));
		assertThat(expired()).as("it has a producer").isFalse();
		this.topic.closeProducer(PRODUCER);
		advance(DAY.minusHours(1));
		List<Effect> said = this.topic.takeIdle();
		assertThat(said).isNotEmpty().allMatch(Effect.Rest.class::isInstance);
		this.topic.reopen(((Effect.Rest) said.get(said.size() - 1)).asleep());
		assertThat(this.topic.refusal(DeleteWhen.EXPIRED)).isEqualTo("has not expired");
		advance(Duration.ofHours(1));
		assertThat(expired()).isTrue();
		assertThat(this.topic.refusal(DeleteWhen.EXPIRED)).isNull();
		advance(Duration.ofHours(1));
		assertThat(expired()).as("not again at once").isFalse();
		advance(DAY);
		assertThat(expired()).isTrue();
	}

	@Test
	void whatADurableSubscriptionHasNotAcknowledgedMustKeepATopic() {
		publish();
		this.topic.closeProducer(PRODUCER);
		this.topic.setPolicies(policies(DAY, 0, false));
		this.topic.share(CONSUMER, "s", 10);
		List<TopicHarness.Delivery> delivered = this.topic.deliveries(CONSUMER);
		this.topic.closeConsumer(CONSUMER);
		advance(DAY);
		assertThat(expired()).isFalse();
		this.topic.restart();
		advance(DAY);
		assertThat(expired()).as("nor after a restart").isFalse();
		this.topic.share(CONSUMER, "s", 10);
		this.topic.acknowledge(CONSUMER,
				this.topic.deliveries(CONSUMER).stream().map(TopicHarness.Delivery::id).toList());
		this.topic.closeConsumer(CONSUMER);
		assertThat(delivered).isNotEmpty();
		advance(DAY);
		assertThat(expired()).isTrue();
	}

	@Test
	void deadLettersThatNobodyHasReplayedMustKeepATopic() {
		this.topic.setPolicies(policies(DAY, 0, false));
		this.topic.openProducer(PRODUCER, "weir:forward:orders:0:0:dead-letter:s");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.closeProducer(PRODUCER);
		advance(DAY.multipliedBy(2));
		assertThat(expired()).isFalse();
		assertThat(this.topic.refusal(DeleteWhen.EXPIRED)).isEqualTo("has not expired");
		this.topic.restart();
		advance(DAY.multipliedBy(2));
		assertThat(expired()).as("nor after a restart").isFalse();
		BitSet all = new BitSet();
		all.set(0, 3);
		this.topic.handle(new NoteReplayed(new ReplyTo(99, 1), Map.of(new Position(0, 0), new PartialEntry(3, all))));
		advance(DAY.multipliedBy(2));
		assertThat(expired()).isTrue();
	}

	@Test
	void deadLettersMustKeepATopicNoLongerThanRetentionSays() {
		this.topic.setPolicies(policies(DAY, DAY.multipliedBy(3).toMillis(), true));
		this.topic.openProducer(PRODUCER, "weir:forward:orders:0:0:dead-letter:s");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.closeProducer(PRODUCER);
		advance(DAY.multipliedBy(2));
		assertThat(expired()).isFalse();
		advance(DAY.multipliedBy(2));
		assertThat(expired()).isTrue();
	}

	@Test
	void delayedMessageAndRetentionMustKeepATopic() {
		this.topic.setPolicies(policies(DAY, DAY.multipliedBy(3).toMillis(), true));
		publish();
		this.topic.delay(PRODUCER, 100, this.topic.now() + DAY.multipliedBy(5).toMillis());
		this.topic.closeProducer(PRODUCER);
		for (int day = 0; day < 7; day++) {
			advance(DAY);
			assertThat(expired()).as("day " + day).isFalse();
		}
		advance(DAY);
		assertThat(expired()).as("three days after the delayed message has come").isTrue();
	}

	@Test
	void otherPartitionsMustExpireWithTheFirstOneOnly() {
		TopicHarness partition = topic("topic#1");
		partition.setPolicies(policies(DAY, 0, false));
		partition.advance(DAY.multipliedBy(2));
		assertThat(partition.takeIdle()).noneMatch(Effect.Unused.class::isInstance);
		assertThat(partition.refusal(DeleteWhen.EXPIRED)).isNull();
		partition.openProducer(PRODUCER, "p");
		assertThat(partition.refusal(DeleteWhen.EXPIRED)).isEqualTo("has 1 producers and 0 consumers");
		assertThat(partition.refusal(DeleteWhen.UNUSED)).isEqualTo("has 1 producers and 0 consumers");
		assertThat(partition.refusal(DeleteWhen.ALWAYS)).isNull();
		partition.close();
	}

	private void publish() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.publish(PRODUCER, 0, 3);
	}

	/** In small steps, so that everything is done in time. */
	private void advance(Duration time) {
		long end = this.topic.now() + time.toMillis();
		while (this.topic.wakeAt() < end) {
			this.topic.setClock(Math.max(this.topic.now(), this.topic.wakeAt()));
		}
		this.topic.setClock(Math.max(end, this.topic.now()));
	}

	private List<Effect.Rest> rests() {
		return this.topic.takeIdle()
			.stream()
			.filter(Effect.Rest.class::isInstance)
			.map(Effect.Rest.class::cast)
			.toList();
	}

	private boolean expired() {
		return this.topic.takeIdle().stream().anyMatch(Effect.Unused.class::isInstance);
	}

	private static Policies policies(Duration expireAfter, long retention, boolean stated) {
		Policies.Retention kept = new Policies.Retention(stated, retention, stated ? Policies.UNLIMITED : 0);
		return new Policies(kept, Policies.UNLIMITED, Policies.UNLIMITED, BacklogQuotaPolicy.REFUSE, false,
				expireAfter.toMillis(), Policies.OfSubscription.NONE, Map.of());
	}

}
