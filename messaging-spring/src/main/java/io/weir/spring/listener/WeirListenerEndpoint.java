package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.message.TopicPattern;
import io.weir.spring.AckMode;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.ReaderCustomizer;
import io.weir.time.DurationRange;

/**
 * What a listener asks for. What is {@code null} is left to the container factory.
 *
 * @param id unique within the application
 * @param client the name of the client whose broker the topics are on; the default one if
 * {@code null}
 * @param topics one or more; a {@code *} in one stands for any characters
 * @param subscription what remembers the acknowledgements; {@code null} for a reader
 * @param subscriptionType how messages are shared out
 * @param initialPosition where a new subscription begins
 * @param batch whether the listener takes all messages that wait together
 * @param ackMode when messages are acknowledged
 * @param concurrency how many consumers there are for each topic
 * @param keyConcurrency how many messages of different keys each consumer works on at
 * once
 * @param autoStartup whether to start with the application
 * @param shutdownTimeout how long the listener may take to finish what it was given
 * @param consumer what is said of its consumers
 * @param customizer changes its consumers after all that
 * @param reader if the topics are read without a subscription, changes the readers;
 * {@code null} if there is a subscription
 * @param errorHandler decides about messages that the listener failed on
 * @param nonRetryable which failures are not retried, beside what is said for all
 * @param listener is given the messages
 * @param group the group, whose listeners can be started and stopped together
 * @param idleEventInterval after how long without a message
 * {@link WeirListenerEvent.Idle} is published; never if {@code null}
 */
public record WeirListenerEndpoint(String id, @Nullable String client, List<String> topics,
		@Nullable String subscription, @Nullable SubscriptionType subscriptionType, InitialPosition initialPosition,
		boolean batch, @Nullable AckMode ackMode, @Nullable Integer concurrency, @Nullable Integer keyConcurrency,
		@Nullable Boolean autoStartup, @Nullable Duration shutdownTimeout, ConsumerSettings consumer,
		ConsumerCustomizer customizer, @Nullable ReaderCustomizer reader, @Nullable WeirErrorHandler errorHandler,
		NonRetryableFailures nonRetryable, WeirMessageListener listener, @Nullable String group,
		@Nullable Duration idleEventInterval) {

	/**
	 * Checks what belongs together.
	 * @throws IllegalArgumentException naming the listener, what is wrong and what is
	 * allowed
	 */
	public WeirListenerEndpoint {
		Objects.requireNonNull(id, "id");
		Objects.requireNonNull(initialPosition, "initialPosition");
		Objects.requireNonNull(consumer, "consumer");
		Objects.requireNonNull(customizer, "customizer");
		Objects.requireNonNull(nonRetryable, "nonRetryable");
		Objects.requireNonNull(listener, "listener");
		topics = List.copyOf(Objects.requireNonNull(topics, "topics"));
		if (topics.isEmpty()) {
			throw new IllegalArgumentException("Listener '" + id + "' needs at least one topic");
		}
		topics.forEach((topic) -> requireTopic(id, topic));
		if (reader != null) {
			ReaderRules.check(id, topics, subscription, subscriptionType, ackMode, concurrency, consumer);
		}
		else {
			requireName(id, "subscription", Objects.requireNonNull(subscription, "subscription"));
		}
		requireOne(id, "concurrency", concurrency);
		requireOne(id, "keyConcurrency", keyConcurrency);
		requireOne(id, "receiver-queue-size", consumer.receiverQueueSize());
		String deadLetters = consumer.deadLetter().topic();
		if (deadLetters != null && topics.contains(deadLetters)) {
			throw new IllegalArgumentException("Listener '" + id + "' has dead-letter topic '" + deadLetters
					+ "'; it must not be a topic that it listens to");
		}
		if (shutdownTimeout != null) {
			DurationRange.FROM_ZERO.check("shutdown-timeout of listener '" + id + "'", shutdownTimeout);
		}
		if (idleEventInterval != null) {
			DurationRange.FROM_ONE_MILLISECOND.check("idle-event-interval of listener '" + id + "'", idleEventInterval);
		}
	}

	/**
	 * Begins to put a listener together.
	 * @param id unique within the application
	 * @return a builder, in which everything has its default but topics and listener
	 */
	public static WeirListenerEndpointBuilder builder(String id) {
		return new WeirListenerEndpointBuilder(id);
	}

	private static void requireOne(String id, String setting, @Nullable Integer value) {
		if (value != null && value < 1) {
			throw new IllegalArgumentException(
					"Listener '" + id + "' has " + setting + " " + value + "; it must be at least 1");
		}
	}

	private static void requireTopic(String id, String topic) {
		if (!topic.contains("*")) {
			requireName(id, "topic", topic);
			return;
		}
		try {
			new TopicPattern(topic);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Listener '" + id + "': " + ex.getMessage(), ex);
		}
	}

	/** Or a thread of the listener would find out, when the application has started. */
	private static void requireName(String id, String what, String name) {
		try {
			new Topic(name);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"Listener '" + id + "' has " + what + " '" + name + "'; it must be 1 to " + Topic.MAX_LENGTH
							+ " characters, letters, digits and . _ - / : only, beginning with a letter or digit",
					ex);
		}
	}

}
