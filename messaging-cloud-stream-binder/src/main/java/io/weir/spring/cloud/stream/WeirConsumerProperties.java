package io.weir.spring.cloud.stream;

import org.jspecify.annotations.Nullable;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;

/** What is said of one input binding beside what Spring Cloud Stream knows. */
public class WeirConsumerProperties {

	/** How messages are shared out; by default as of listeners. */
	private @Nullable SubscriptionType subscriptionType;

	/**
	 * Where a new subscription begins: earliest for a group, latest without one, if it is
	 * not said.
	 */
	private @Nullable InitialPosition initialPosition;

	/**
	 * Whether messages that always fail are published to a dead-letter topic; by default
	 * as of listeners.
	 */
	private @Nullable Boolean deadLetter;

	/** The dead-letter topic; by default the one of the topic and the group. */
	private @Nullable String deadLetterTopic;

	/** How often a message is delivered again before it is a dead letter. */
	private @Nullable Integer maxRedeliveries;

	/**
	 * How messages are shared out among the consumers of a group.
	 * @return the type, or {@code null} for that of listeners
	 */
	public @Nullable SubscriptionType getSubscriptionType() {
		return this.subscriptionType;
	}

	/**
	 * Sets how messages are shared out.
	 * @param subscriptionType the type
	 */
	public void setSubscriptionType(@Nullable SubscriptionType subscriptionType) {
		this.subscriptionType = subscriptionType;
	}

	/**
	 * Where a new subscription begins.
	 * @return the position, or {@code null} for the earliest message if there is a group,
	 * and the latest if there is none
	 */
	public @Nullable InitialPosition getInitialPosition() {
		return this.initialPosition;
	}

	/**
	 * Sets where a new subscription begins.
	 * @param initialPosition the position
	 */
	public void setInitialPosition(@Nullable InitialPosition initialPosition) {
		this.initialPosition = initialPosition;
	}

	/**
	 * Whether messages that always fail become dead letters.
	 * @return whether, or {@code null} if that is as for listeners
	 */
	public @Nullable Boolean getDeadLetter() {
		return this.deadLetter;
	}

	/**
	 * Sets whether messages that always fail become dead letters.
	 * @param deadLetter whether
	 */
	public void setDeadLetter(@Nullable Boolean deadLetter) {
		this.deadLetter = deadLetter;
	}

	/**
	 * Where dead letters go.
	 * @return the topic, or {@code null} for {@code <topic>.<subscription>.dead}
	 */
	public @Nullable String getDeadLetterTopic() {
		return this.deadLetterTopic;
	}

	/**
	 * Sets where dead letters go.
	 * @param deadLetterTopic the topic
	 */
	public void setDeadLetterTopic(@Nullable String deadLetterTopic) {
		this.deadLetterTopic = deadLetterTopic;
	}

	/**
	 * How often a message is delivered again before it is a dead letter.
	 * @return the number, or {@code null} if that is as for listeners
	 */
	public @Nullable Integer getMaxRedeliveries() {
		return this.maxRedeliveries;
	}

	/**
	 * Sets how often a message is delivered again before it is a dead letter.
	 * @param maxRedeliveries from 0
	 */
	public void setMaxRedeliveries(@Nullable Integer maxRedeliveries) {
		this.maxRedeliveries = maxRedeliveries;
	}

}
