package io.weir.spring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Defaults for every consumer.
 *
 * @param receiverQueueSize Number of messages that the broker may send ahead.
 * @param receiverQueueBytes Size of the messages that the broker should send ahead at
 * most.
 * @param ackTimeout Time after which a message that was not acknowledged is given back to
 * be delivered again. 0 turns it off.
 * @param acknowledgementDelay Time for which acknowledgements may be gathered before they
 * are sent together. 0 sends each at once.
 * @param deadLetter what becomes of messages that always fail
 * @param retry when a message that failed is delivered again
 */
public record ConsumerDefaults(@DefaultValue("1000") int receiverQueueSize,
		@DefaultValue("64MB") DataSize receiverQueueBytes, @DefaultValue("0") Duration ackTimeout,
		@DefaultValue("10ms") Duration acknowledgementDelay, @DefaultValue DeadLetter deadLetter,
		@DefaultValue Retry retry) {

	/**
	 * What becomes of messages that always fail.
	 *
	 * @param maxRedeliveries Number of times that a message is delivered again before it
	 * is published to the dead-letter topic.
	 * @param topic Topic for messages that were delivered too often. Without one, and
	 * unless enabled, they are delivered for ever.
	 * @param enabled Whether messages that were delivered too often are published to a
	 * dead-letter topic. By default if one is named; without a name it is topic, dot,
	 * subscription, dot, dead.
	 */
	public record DeadLetter(@Nullable Integer maxRedeliveries, @Nullable String topic, @Nullable Boolean enabled) {
	}

	/**
	 * When a message that failed is delivered again.
	 *
	 * @param backoff how the delay grows
	 */
	public record Retry(@DefaultValue Backoff backoff) {
	}

	/**
	 * How the delay grows.
	 *
	 * @param initial Time to wait after the first failure.
	 * @param multiplier Factor by which the time grows with each further failure.
	 * @param max Time to wait at most.
	 */
	public record Backoff(@DefaultValue("1s") Duration initial, @DefaultValue("2") double multiplier,
			@DefaultValue("1m") Duration max) {
	}

}
