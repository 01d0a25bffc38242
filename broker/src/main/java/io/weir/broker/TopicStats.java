package io.weir.broker;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;

/**
 * What goes on in a topic, summed over its partitions, or in one of its partitions.
 * Counts are those since the topic was opened.
 *
 * @param name the topic, or the partition
 * @param partitions how many partitions the topic has; 1 for one of them
 * @param messagesIn messages stored
 * @param delayed messages that their senders have delayed, and that are not due
 * @param space what its log takes
 * @param producers the producers connected; one that was given no name has another in
 * each partition
 * @param subscriptions the subscriptions
 * @param partitionStats the same for each partition that was used, in order, the first of
 * which has the topic's name; empty if there is but one
 */
public record TopicStats(String name, int partitions, long messagesIn, long delayed, SpaceStats space,
		List<ProducerStats> producers, List<SubscriptionStats> subscriptions, List<TopicStats> partitionStats) {

	/**
	 * The sums alone.
	 * @return this without what is said of each partition
	 */
	public TopicStats withoutPartitionStats() {
		return new TopicStats(this.name, this.partitions, this.messagesIn, this.delayed, this.space, this.producers,
				this.subscriptions, List.of());
	}

	/**
	 * What the log of a topic takes, and what came of its backlog quota since the topic
	 * was opened.
	 *
	 * @param bytes bytes of the batches that are kept, as they are stored
	 * @param backlogBytes those of them that some durable subscription has not
	 * acknowledged, as was last looked up: without a backlog quota, as much as is kept
	 * @param refusedBatches batches refused since the backlog was too large
	 * @param droppedMessages messages given up for the same reason that somebody had not
	 * acknowledged
	 * @param compaction what came of compaction; {@code null} if there is none, or for a
	 * topic with several partitions, each of which says so
	 */
	public record SpaceStats(long bytes, long backlogBytes, long refusedBatches, long droppedMessages,
			@Nullable CompactionStats compaction) {

		/** Of a topic that is not compacted. */
		public SpaceStats(long bytes, long backlogBytes, long refusedBatches, long droppedMessages) {
			this(bytes, backlogBytes, refusedBatches, droppedMessages, null);
		}

	}

	/**
	 * A producer that is connected.
	 *
	 * @param name its name
	 * @param epoch its epoch
	 * @param lastSequence the highest sequence id stored, or -1
	 */
	public record ProducerStats(String name, long epoch, long lastSequence) {
	}

	/**
	 * A subscription.
	 *
	 * @param name its name
	 * @param type its type
	 * @param durable whether it outlives its consumers
	 * @param backlog messages stored and not acknowledged
	 * @param inFlight messages delivered and not acknowledged
	 * @param oldestUnacknowledged when the oldest message that was delivered and is not
	 * acknowledged was stored, or {@code null}
	 * @param expired messages that were not delivered because they had expired
	 * @param trimmed messages that were trimmed before they were delivered: for the
	 * topic's backlog quota, its retention, which heeds only durable subscriptions, or by
	 * an administrator
	 * @param redelivery what became of messages that were delivered in vain
	 * @param stopped why it goes no further than it has come, which is a damaged entry
	 * that nobody has {@linkplain Broker#skipDamaged skipped}; or {@code null}
	 * @param consumers the consumers connected
	 */
	public record SubscriptionStats(String name, SubscriptionType type, boolean durable, long backlog, long inFlight,
			@Nullable Instant oldestUnacknowledged, long expired, long trimmed, RedeliveryStats redelivery,
			@Nullable String stopped, List<ConsumerStats> consumers) {
	}

	/**
	 * What became of messages that were delivered and not acknowledged. Counts begin anew
	 * when the subscription is moved.
	 *
	 * @param redelivered deliveries of messages that had been delivered before
	 * @param delayed messages that were given back and wait to be delivered again
	 * @param parkedKeys keys of a KEY_SHARED subscription whose later messages wait for
	 * those; keys whose hashes are alike count as one
	 * @param parked for which messages they wait, the first of each key, 20 at most
	 * @param deadLetters messages that went to the dead-letter topic
	 * @param deadLettersWaiting messages that are given up, and are not stored there yet
	 */
	public record RedeliveryStats(long redelivered, long delayed, long parkedKeys, List<ParkedStats> parked,
			long deadLetters, long deadLettersWaiting) {
	}

	/**
	 * A message that was given back, and for which later ones of its key wait.
	 *
	 * @param messageId its id, as {@link MessageId#toString()} writes it
	 * @param redeliveries how often it was delivered in vain
	 */
	public record ParkedStats(String messageId, int redeliveries) {
	}

	/**
	 * A consumer that is connected.
	 *
	 * @param name its name
	 * @param permits how many messages it may still be sent
	 * @param inFlight messages delivered to it and not acknowledged
	 */
	public record ConsumerStats(String name, int permits, long inFlight) {
	}

}
