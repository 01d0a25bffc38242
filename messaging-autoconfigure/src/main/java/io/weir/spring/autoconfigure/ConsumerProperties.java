package io.weir.spring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/** What can be said of the consumers of one entry; {@code null} is as for all. */
interface ConsumerProperties {

	@Nullable Integer receiverQueueSize();

	@Nullable DataSize receiverQueueBytes();

	@Nullable Duration ackTimeout();

	@Nullable Duration acknowledgementDelay();

	@Nullable NamedDeadLetter deadLetter();

	@Nullable NamedRetry retry();

	/**
	 * What becomes of messages that always fail, for one consumer.
	 *
	 * @param maxRedeliveries Number of times that a message is delivered again before it
	 * is published to the dead-letter topic.
	 * @param topic Topic for messages that were delivered too often.
	 * @param enabled Whether messages that were delivered too often are published to a
	 * dead-letter topic.
	 */
	record NamedDeadLetter(@Nullable Integer maxRedeliveries, @Nullable String topic, @Nullable Boolean enabled) {
	}

	/**
	 * When a message that failed is delivered again, for one consumer.
	 *
	 * @param backoff how the delay grows
	 */
	record NamedRetry(@Nullable NamedBackoff backoff) {
	}

	/**
	 * How the delay grows, for one consumer.
	 *
	 * @param initial Time to wait after the first failure.
	 * @param multiplier Factor by which the time grows with each further failure.
	 * @param max Time to wait at most.
	 */
	record NamedBackoff(@Nullable Duration initial, @Nullable Double multiplier, @Nullable Duration max) {
	}

}
