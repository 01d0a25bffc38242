package io.weir.broker;

import java.util.List;

import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicPolicies;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Topics of a broker and what is said of them: made, deleted, described, and their
 * policies. Safe to use from any thread.
 */
public interface TopicAdministration {

	/**
	 * Makes a topic, unless there is one: also one that clients do not make, by the
	 * broker's {@linkplain BrokerBuilder#topicDefaults(List) defaults}. Waits until it is
	 * stored.
	 * @param name the topic's name
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#LIMIT_EXCEEDED} if there are too many
	 * topics, or what the store says
	 */
	void createTopic(String name);

	/**
	 * Deletes a topic with all its partitions, messages and subscriptions, with what
	 * producers have stored and with its policies. Who uses the name later makes a new
	 * topic, unless clients do not make it: nothing of the old one is known there, and
	 * its messages have ids that no message of the old one had. Waits until nothing is
	 * left, up to five seconds; it is gone through with all the same if that is too
	 * short, also after a crash.
	 * @param name the topic's name, not that of a partition
	 * @param force whether it is deleted though it has producers or consumers, which are
	 * closed with {@link ErrorCode#NOT_FOUND} then, and do not come again by themselves
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such topic,
	 * {@link ErrorCode#TOPIC_BUSY} if it has producers or consumers, or what the store
	 * says
	 */
	void deleteTopic(String name, boolean force);

	/**
	 * What counts for a topic now, and what is kept of it: for people who ask why a topic
	 * does what it does. Opens the topic if need be, asks it and reads the first and the
	 * last entry of each partition; asks no other topic.
	 * @param name the topic's name, or that of one of its partitions but the first
	 * @return what is known; it is not of one moment if the topic is used meanwhile
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such topic, or
	 * what the store says
	 */
	TopicDescription describeTopic(String name);

	/**
	 * What was said of a topic itself; what is {@code null} is inherited from the
	 * broker's {@linkplain BrokerBuilder#topicDefaults(List) defaults}.
	 * @param topic the topic's name
	 * @return its policies
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such topic, or
	 * what the store says
	 */
	TopicPolicies policies(String topic);

	/**
	 * Says what becomes of a topic's messages, instead of what was said of it before. It
	 * is stored, and counts at once, when this returns or shortly after.
	 * @param topic the topic's name
	 * @param policies its policies; {@link TopicPolicies#none()} inherits everything
	 * @throws IllegalArgumentException if no topic can have the name, or if the topic,
	 * with what it inherits, would be compacted and its oldest messages dropped
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such topic, or
	 * what the store says
	 */
	void setPolicies(String topic, TopicPolicies policies);

	/**
	 * What was said of a subscription itself, as {@link #policies(String)}.
	 * @param topic the topic's name
	 * @param subscription the subscription's name; there need not be one yet
	 * @return its policies
	 */
	SubscriptionPolicies policies(String topic, String subscription);

	/**
	 * Says how a subscription delivers messages, as
	 * {@link #setPolicies(String, TopicPolicies)}.
	 * @param topic the topic's name
	 * @param subscription the subscription's name; there need not be one yet
	 * @param policies its policies; {@link SubscriptionPolicies#none()} inherits
	 * everything
	 */
	void setPolicies(String topic, String subscription, SubscriptionPolicies policies);

}
