package io.weir.broker;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.broker.policy.PolicyDescription;
import io.weir.message.MessageId;

/**
 * What counts for a topic, or for one of its partitions, and what is kept of it.
 * Immutable.
 *
 * @param name the topic, or the partition
 * @param partitions how many partitions the topic has; 1 for one of them
 * @param policies what becomes of its messages, each policy with where it comes from
 * @param subscriptions its durable subscriptions and those of which something was said
 * though they are not there, ordered by name
 * @param bytes bytes of the batches that are kept, as they are stored
 * @param messages how many messages there are from the first to the last of each
 * partition, with those that were taken out of the middle; {@code null} if that is not
 * known of some partition
 * @param kept what is kept of each partition, in order, whether or not it was used yet;
 * of one that has no others, of that one
 */
public record TopicDescription(String name, int partitions, List<PolicyDescription> policies,
		List<SubscriptionDescription> subscriptions, long bytes, @Nullable Long messages, List<KeptMessages> kept) {

	/** Copies the lists. */
	public TopicDescription {
		policies = List.copyOf(policies);
		subscriptions = List.copyOf(subscriptions);
		kept = List.copyOf(kept);
	}

	/**
	 * A subscription.
	 *
	 * @param name its name
	 * @param policies how it delivers messages, each policy with where it comes from
	 */
	public record SubscriptionDescription(String name, List<PolicyDescription> policies) {
	}

	/**
	 * What is kept of a partition.
	 *
	 * @param partition the partition; the first has the topic's name
	 * @param bytes bytes of the batches that are kept, as they are stored
	 * @param messages how many messages there are from the first to the last, with those
	 * that compaction or an administrator took out of the middle; {@code null} if the
	 * first or the last cannot be read
	 * @param first the first message; {@code null} if there is none or it cannot be read
	 * @param last the last message; {@code null} if there is none or it cannot be read
	 * @param damage why the first or the last message cannot be read, or {@code null}
	 */
	public record KeptMessages(String partition, long bytes, @Nullable Long messages, @Nullable KeptMessage first,
			@Nullable KeptMessage last, @Nullable String damage) {
	}

	/**
	 * A message that is kept.
	 *
	 * @param messageId its id, as {@link MessageId#toString()} writes it
	 * @param publishTime when it was stored
	 */
	public record KeptMessage(String messageId, Instant publishTime) {
	}

}
