package io.weir.broker;

import java.time.Instant;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.weir.broker.TopicStats.ConsumerStats;
import io.weir.broker.TopicStats.ProducerStats;
import io.weir.broker.TopicStats.RedeliveryStats;
import io.weir.broker.TopicStats.SpaceStats;
import io.weir.broker.TopicStats.SubscriptionStats;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.TopicSnapshot.Consumer;
import io.weir.broker.engine.TopicSnapshot.Parked;
import io.weir.broker.engine.TopicSnapshot.Producer;
import io.weir.broker.engine.TopicSnapshot.Space;
import io.weir.broker.engine.TopicSnapshot.Subscription;
import io.weir.broker.engine.TopicSnapshot.Traffic;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

class WholeTopicsTest {

	@Test
	void partitionsMustBeOneTopicInTheOrderOfTheirNumbers() {
		List<TopicStats> topics = WholeTopics.of(
				List.of(topic("a"), topic("b"), topic("b#10"), topic("b#2"), topic("b-c")),
				(topic) -> topic.name().equals("b") ? 11 : 1);
		assertThat(topics).extracting(TopicStats::name).containsExactly("a", "b", "b-c");
		assertThat(topics).extracting(TopicStats::partitions).containsExactly(1, 11, 1);
		assertThat(topics.get(0).partitionStats()).isEmpty();
		assertThat(topics.get(1).partitionStats()).extracting(TopicStats::name).containsExactly("b", "b#2", "b#10");
		assertThat(topics.get(1).withoutPartitionStats().partitionStats()).isEmpty();
	}

	@Test
	void topicMustBeShownThoughItsFirstPartitionWasNotUsed() {
		assertThat(WholeTopics.of(List.of(topic("b#2")), (topic) -> 3)).singleElement().satisfies((topic) -> {
			assertThat(topic.name()).isEqualTo("b");
			assertThat(topic.messagesIn()).isEqualTo(5);
		});
	}

	@Test
	void figuresMustBeAddedUpByName() {
		TopicSnapshot first = topic("t", List.of(new Producer("p", 1, 30), new Producer("q", 1, 1)),
				subscription("s", null, null, new Consumer("c", 1, 2), new Consumer("c", 3, 4)), subscription("only"));
		TopicSnapshot second = topic("t#1", List.of(new Producer("p", 2, 20)),
				subscription("s", 7L, "damaged", new Consumer("other", 5, 6), new Consumer("c", Integer.MAX_VALUE, 8)));
		TopicStats whole = WholeTopics.of(List.of(first, second), (topic) -> 2).get(0);
		assertThat(whole.messagesIn()).isEqualTo(10);
		assertThat(whole.delayed()).isEqualTo(8);
		assertThat(whole.space()).isEqualTo(new SpaceStats(20, 18, 16, 14));
		assertThat(whole.producers()).containsExactly(new ProducerStats("p", 2, 30), new ProducerStats("q", 1, 1));
		assertThat(whole.subscriptions()).extracting(SubscriptionStats::name).containsExactly("s", "only");
		SubscriptionStats sum = whole.subscriptions().get(0);
		assertThat(sum.backlog()).isEqualTo(20);
		assertThat(sum.inFlight()).isEqualTo(18);
		assertThat(sum.oldestUnacknowledged()).isEqualTo(Instant.ofEpochMilli(7));
		assertThat(sum.expired()).isEqualTo(12);
		assertThat(sum.trimmed()).isEqualTo(14);
		assertThat(sum.stopped()).isEqualTo("damaged");
		assertThat(sum.consumers()).as("one of a name in each partition is the same one")
			.containsExactly(new ConsumerStats("c", Integer.MAX_VALUE, 10), new ConsumerStats("c", 3, 4),
					new ConsumerStats("other", 5, 6));
		assertThat(sum.redelivery()).usingRecursiveComparison()
			.ignoringFields("parked")
			.isEqualTo(new RedeliveryStats(22, 4, 30, List.of(), 10, 8));
		assertThat(sum.redelivery().parked()).as("a few of them").hasSize(TopicSnapshot.MAX_PARKED);
	}

	private static TopicSnapshot topic(String name) {
		return topic(name, List.of());
	}

	private static TopicSnapshot topic(String name, List<Producer> producers, Subscription... subscriptions) {
		return new TopicSnapshot(name, Policies.none(), new Traffic(5, 0, 0, 0), new Space(10, 9, 8, 7), 4, producers,
				List.of(subscriptions));
	}

	private static Subscription subscription(String name) {
		return subscription(name, null, null);
	}

	private static Subscription subscription(String name, @Nullable Long oldest, @Nullable String stopped,
			Consumer... consumers) {
		List<Parked> parked = Collections.nCopies(15, new Parked(new Position(0, 1).message(2), 3));
		return new Subscription(name, SubscriptionType.KEY_SHARED, true, 10, 9, oldest, 11, 2, 15, parked, 4, 5, 6, 7,
				stopped, List.of(consumers));
	}

}
