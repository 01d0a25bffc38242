package io.weir.client;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;
import io.weir.setting.Require;

/**
 * What becomes of messages that cannot be processed: a message that was delivered again
 * more often than allowed is not given to the application any more. A copy with the same
 * key, headers, event time and payload is published by the broker to a dead-letter topic,
 * once, and the message is acknowledged when that is stored;
 * {@link io.weir.message.Message#deadLetterOrigin()} of the copy tells where it came
 * from. While the copy cannot be stored the message is kept and stays unacknowledged.
 *
 * <p>
 * So it is with messages that came damaged to their consumer, twice, without any further
 * redelivery: if they are damaged where they are stored, the copy has what there is of
 * them, as {@link io.weir.message.DeadLetterOrigin#DAMAGED_HEADER} says.
 *
 * @param maxRedeliveries how often a message is delivered again before it is given up.
 * Every delivery without an acknowledgement counts, also one whose consumer lost its
 * connection or was closed; but if that had several messages, none of them becomes a dead
 * letter for that. The broker remembers the counts across restarts. Which policy counts
 * for the subscription is that of the consumer that subscribed last
 * @param topic the dead-letter topic; consumers of one topic may share it. If
 * {@code null}, {@code <topic>.<subscription>.dead}, which a consumer of a pattern cannot
 * have
 */
public record DeadLetterPolicy(int maxRedeliveries, @Nullable String topic) {

	/** How often a message is delivered again unless something else is said. */
	public static final int DEFAULT_MAX_REDELIVERIES = 10;

	/**
	 * Checks the policy.
	 * @throws IllegalArgumentException naming what is allowed
	 */
	public DeadLetterPolicy {
		Require.atLeast("maxRedeliveries", 0, maxRedeliveries);
		topic = (topic != null) ? Topic.named(topic).name() : null;
	}

	/**
	 * A policy with {@value #DEFAULT_MAX_REDELIVERIES} redeliveries.
	 * @param topic the dead-letter topic
	 * @return the policy
	 */
	public static DeadLetterPolicy to(String topic) {
		Objects.requireNonNull(topic, "topic");
		return new DeadLetterPolicy(DEFAULT_MAX_REDELIVERIES, topic);
	}

	/** The dead-letter topic of a subscription, or why no topic can have such a name. */
	String topicOf(String topic, String subscription) {
		return (this.topic != null) ? this.topic : Topic.named(topic + "." + subscription + ".dead").name();
	}

}
