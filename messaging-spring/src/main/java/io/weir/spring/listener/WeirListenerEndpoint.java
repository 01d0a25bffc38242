package io.weir.spring.listener;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.spring.AckMode;

/**
 * What a listener asks for. What is {@code null} is left to the container factory.
 *
 * @param id unique within the application
 * @param topics one or more
 * @param subscription what remembers the acknowledgements
 * @param subscriptionType how messages are shared out
 * @param initialPosition where a new subscription begins
 * @param batch whether the listener takes all messages that wait together
 * @param ackMode when messages are acknowledged
 * @param concurrency how many consumers there are for each topic
 * @param autoStartup whether to start with the application
 * @param receiverQueueSize how many messages the broker may send ahead
 * @param errorHandler decides about messages that the listener failed on
 * @param listener is given the messages
 */
public record WeirListenerEndpoint(String id, List<String> topics, String subscription,
		@Nullable SubscriptionType subscriptionType, InitialPosition initialPosition, boolean batch,
		@Nullable AckMode ackMode, @Nullable Integer concurrency, @Nullable Boolean autoStartup,
		@Nullable Integer receiverQueueSize, @Nullable WeirErrorHandler errorHandler, WeirMessageListener listener) {

	/**
	 * Checks what belongs together.
	 * @throws IllegalArgumentException naming the listener, what is wrong and what is
	 * allowed
	 */
	public WeirListenerEndpoint {
		Objects.requireNonNull(id, "id");
		Objects.requireNonNull(subscription, "subscription");
		Objects.requireNonNull(initialPosition, "initialPosition");
		Objects.requireNonNull(listener, "listener");
		topics = List.copyOf(Objects.requireNonNull(topics, "topics"));
		if (topics.isEmpty()) {
			throw new IllegalArgumentException("Listener '" + id + "' needs at least one topic");
		}
		topics.forEach((topic) -> requireName(id, "topic", topic));
		requireName(id, "subscription", subscription);
		if (concurrency != null && concurrency < 1) {
			throw new IllegalArgumentException(
					"Listener '" + id + "' has concurrency " + concurrency + "; it must be at least 1");
		}
		if (receiverQueueSize != null && receiverQueueSize < 1) {
			throw new IllegalArgumentException(
					"Listener '" + id + "' has receiver-queue-size " + receiverQueueSize + "; it must be at least 1");
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
