package io.weir.spring.autoconfigure.broker;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.broker.TopicDescription;
import io.weir.broker.TopicStats;
import io.weir.broker.TopicStats.ProducerStats;
import io.weir.broker.TopicStats.SpaceStats;
import io.weir.broker.TopicStats.SubscriptionStats;

/**
 * What goes on in a topic, as in {@link TopicStats}, and what counts for it.
 *
 * @param name the topic, or the partition
 * @param partitions how many partitions the topic has
 * @param messagesIn messages stored
 * @param delayed messages that are not due
 * @param space what its log takes
 * @param producers the producers connected
 * @param subscriptions the subscriptions
 * @param partitionStats the same for each partition that was used
 * @param description its policies with where they come from, and what is kept of it;
 * {@code null} if that cannot be found out now
 * @param undescribed why it cannot, or {@code null}
 */
public record DescribedTopic(String name, int partitions, long messagesIn, long delayed, SpaceStats space,
		List<ProducerStats> producers, List<SubscriptionStats> subscriptions, List<TopicStats> partitionStats,
		@Nullable TopicDescription description, @Nullable String undescribed) {

	static DescribedTopic of(TopicStats stats, @Nullable TopicDescription description, @Nullable String undescribed) {
		return new DescribedTopic(stats.name(), stats.partitions(), stats.messagesIn(), stats.delayed(), stats.space(),
				stats.producers(), stats.subscriptions(), stats.partitionStats(), description, undescribed);
	}

}
