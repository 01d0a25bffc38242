package io.weir.spring.listener;

import java.time.Duration;
import java.util.Objects;

import io.weir.message.SubscriptionType;
import io.weir.setting.Require;
import io.weir.spring.AckMode;
import io.weir.time.DurationRange;

/**
 * What holds for listeners that do not say otherwise.
 *
 * @param subscriptionType how messages are shared out among the consumers of a
 * subscription
 * @param concurrency how many consumers there are for each topic, at least one
 * @param ackMode when messages are acknowledged
 * @param autoStartup whether to start with the application
 * @param shutdownTimeout how long a listener may take to finish what it was given, up to
 * 365 days
 * @param consumer what is said of the consumers of all listeners
 * @param nonRetryable which failures are not retried
 * @param keyConcurrency how many messages of different keys each consumer works on at
 * once, at least one
 */
public record ListenerDefaults(SubscriptionType subscriptionType, int concurrency, AckMode ackMode, boolean autoStartup,
		Duration shutdownTimeout, ConsumerSettings consumer, NonRetryableFailures nonRetryable, int keyConcurrency) {

	/**
	 * One consumer, acknowledging each message, that shares the work with those of other
	 * instances.
	 */
	public static final ListenerDefaults DEFAULTS = new ListenerDefaults(SubscriptionType.SHARED, 1, AckMode.RECORD,
			true, Duration.ofSeconds(30), ConsumerSettings.NONE);

	/**
	 * What holds for listeners of which the usual failures are not retried.
	 * @param subscriptionType how messages are shared out among the consumers
	 * @param concurrency how many consumers there are for each topic
	 * @param ackMode when messages are acknowledged
	 * @param autoStartup whether to start with the application
	 * @param shutdownTimeout how long a listener may take when it is stopped
	 * @param consumer what is said of the consumers of all listeners
	 */
	public ListenerDefaults(SubscriptionType subscriptionType, int concurrency, AckMode ackMode, boolean autoStartup,
			Duration shutdownTimeout, ConsumerSettings consumer) {
		this(subscriptionType, concurrency, ackMode, autoStartup, shutdownTimeout, consumer,
				NonRetryableFailures.DEFAULTS, 1);
	}

	/**
	 * Checks concurrency and shutdown timeout.
	 * @throws IllegalArgumentException naming what is allowed
	 */
	public ListenerDefaults {
		Objects.requireNonNull(subscriptionType, "subscriptionType");
		Require.atLeast("concurrency", 1, concurrency);
		Require.atLeast("keyConcurrency", 1, keyConcurrency);
		Objects.requireNonNull(ackMode, "ackMode");
		DurationRange.FROM_ZERO.check("shutdownTimeout", shutdownTimeout);
		Objects.requireNonNull(consumer, "consumer");
		Objects.requireNonNull(nonRetryable, "nonRetryable");
	}

}
