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
 * @param producers the producers connected
 * @param subscriptions the subscriptions
 */
public record TopicStats(String name, int partitions, long messagesIn, List<ProducerStats> producers,
		List<SubscriptionStats> subscriptions) {

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
	 * @param consumers the consumers connected
	 */
	public record SubscriptionStats(String name, SubscriptionType type, boolean durable, long backlog, long inFlight,
			@Nullable Instant oldestUnacknowledged, long expired, List<ConsumerStats> consumers) {
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
