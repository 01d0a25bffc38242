package io.weir.spring.listener;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;

/** What a listener cannot have that reads its topics without a subscription. */
final class ReaderRules {

	private ReaderRules() {
	}

	/**
	 * Checks what an endpoint says.
	 * @throws IllegalArgumentException naming the listener, what is wrong and what is
	 * allowed
	 */
	static void check(String id, List<String> topics, @Nullable String subscription, @Nullable SubscriptionType type,
			@Nullable AckMode ackMode, @Nullable Integer concurrency, ConsumerSettings consumer) {
		for (String topic : topics) {
			if (topic.contains("*")) {
				throw new IllegalArgumentException(
						"Reader '" + id + "' has topic '" + topic + "'; it must be a name, not a pattern");
			}
		}
		refuse(id, "subscription", subscription);
		refuse(id, "subscription-type", type);
		refuse(id, "ack-mode", ackMode);
		refuse(id, "ack-timeout", consumer.ackTimeout());
		refuse(id, "acknowledgement-delay", consumer.acknowledgementDelay());
		// First: who names a topic wants dead letters.
		refuse(id, "dead-letter.topic", consumer.deadLetter().topic());
		refuse(id, "dead-letter.enabled", consumer.deadLetter().enabled());
		refuse(id, "dead-letter.max-redeliveries", consumer.deadLetter().maxRedeliveries());
		if (concurrency != null && concurrency != 1) {
			throw new IllegalArgumentException("Reader '" + id + "' has concurrency " + concurrency
					+ "; it must be 1, as each reader would be given all messages");
		}
	}

	private static void refuse(String id, String setting, @Nullable Object value) {
		if (value != null) {
			throw new IllegalArgumentException("Reader '" + id + "' has " + setting + " '" + value
					+ "', which is for listeners that have a subscription");
		}
	}

}
