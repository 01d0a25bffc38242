package io.weir.broker.engine;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.message.Topic;

/**
 * What becomes of a topic's messages: what an administrator says of the topic, and else
 * the broker's defaults. Times are in milliseconds; what has no bound is
 * {@link #UNLIMITED}.
 *
 * @param retention what is kept though everybody has acknowledged it
 * @param messageTtl after what time a message is no longer delivered
 * @param backlogQuota how many bytes the topic may have that are not acknowledged
 * @param backlogQuotaPolicy what happens then
 * @param compaction whether only the latest message of each key is kept
 * @param expireAfter after what time the topic is deleted if nobody uses it
 * @param anySubscription policies of a subscription of which nothing is said
 * @param subscriptions policies of the others, by name
 */
public record Policies(Retention retention, long messageTtl, long backlogQuota, BacklogQuotaPolicy backlogQuotaPolicy,
		boolean compaction, long expireAfter, OfSubscription anySubscription,
		Map<String, OfSubscription> subscriptions) {

	/** No bound: never, or as much as there is. */
	public static final long UNLIMITED = Long.MAX_VALUE;

	private static final Policies NONE = new Policies(new Retention(false, 0, 0), UNLIMITED, UNLIMITED,
			BacklogQuotaPolicy.REFUSE, false, UNLIMITED, OfSubscription.NONE, Map.of());

	/** Of a topic of which nobody says anything. */
	public static Policies none() {
		return NONE;
	}

	/** Policies of a subscription, whether or not it is there. */
	public OfSubscription subscription(String name) {
		return this.subscriptions.getOrDefault(name, this.anySubscription);
	}

	/**
	 * After what time a message is no longer delivered to a subscription: what the topic
	 * says or the subscription, whichever is less.
	 */
	public long messageTtl(String subscription) {
		return Math.min(this.messageTtl, subscription(subscription).messageTtl());
	}

	/**
	 * What is kept though everybody has acknowledged it: what is as young, and among the
	 * newest of as many bytes.
	 *
	 * @param stated whether somebody says so: otherwise what nobody has subscribed to is
	 * kept
	 * @param time how long
	 * @param bytes how many bytes
	 */
	public record Retention(boolean stated, long time, long bytes) {
	}

	/**
	 * Policies of a subscription; {@code null} leaves it to the consumers.
	 *
	 * @param redeliveryInitial how long after the first failure a message comes again
	 * @param redeliveryMultiplier by what the delay grows with each further failure
	 * @param redeliveryMax the longest delay
	 * @param redeliveryJitter which part of each delay is left to chance, from 0 to 1
	 * @param ackTimeout after what time without an acknowledgement a delivery has failed
	 * @param maxRedeliveries how often a message comes again before it is a dead letter
	 * @param deadLetterTopic where dead letters go
	 * @param messageTtl after what time a message is no longer delivered
	 * @param deadLetterExpired whether messages that have expired become dead letters
	 */
	public record OfSubscription(@Nullable Long redeliveryInitial, @Nullable Double redeliveryMultiplier,
			@Nullable Long redeliveryMax, @Nullable Double redeliveryJitter, @Nullable Long ackTimeout,
			@Nullable Integer maxRedeliveries, @Nullable Topic deadLetterTopic, long messageTtl,
			boolean deadLetterExpired) {

		/** Nobody says anything. */
		public static final OfSubscription NONE = new OfSubscription(null, null, null, null, null, null, null,
				UNLIMITED, false);

	}

}
