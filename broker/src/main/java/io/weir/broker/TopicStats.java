package io.weir.broker;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.message.SubscriptionType;

/**
 * What goes on in a topic.
 *
 * @param name the topic, or one of its partitions
 * @param partitions how many partitions the topic has, of which this is the first; 1 if
 * it has none, or this is another one
 * @param messagesIn messages stored since the broker was started
 * @param space what its log takes
 * @param producers the producers connected
 * @param subscriptions the subscriptions
 */
public record TopicStats(String name, int partitions, long messagesIn, SpaceStats space, List<ProducerStats> producers,
		List<SubscriptionStats> subscriptions) {

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
	 */
	public record SpaceStats(long bytes, long backlogBytes, long refusedBatches, long droppedMessages) {
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
	 * @param expired messages that were not delivered because they had expired, since the
	 * topic was opened
	 * @param stopped why it goes no further than it has come, which is a damaged entry
	 * that nobody has {@linkplain Broker#skipDamaged skipped}; or {@code null}
	 * @param consumers the consumers connected
	 */
	public record SubscriptionStats(String name, SubscriptionType type, boolean durable, long backlog, long inFlight,
			@Nullable Instant oldestUnacknowledged, long expired, @Nullable String stopped,
			List<ConsumerStats> consumers) {
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
