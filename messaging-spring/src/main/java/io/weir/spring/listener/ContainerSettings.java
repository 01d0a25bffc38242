package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;

/** What holds for one container: what its endpoint asks for, else the defaults. */
record ContainerSettings(String id, @Nullable String client, List<String> topics, @Nullable String subscription,
		SubscriptionType subscriptionType, boolean batch, AckMode ackMode, int concurrency, int keyConcurrency,
		boolean autoStartup, ConsumerSettings consumer, Duration shutdownTimeout, WeirErrorHandler errorHandler,
		NonRetryableFailures nonRetryable, WeirMessageListener listener, @Nullable String group,
		@Nullable Duration idleEventInterval, ListenerEvents events) {

	/** That of the client, if nobody says otherwise. */
	private static final int DEFAULT_RECEIVER_QUEUE_SIZE = 1000;

	static ContainerSettings of(WeirListenerEndpoint endpoint, ListenerDefaults defaults, WeirErrorHandler errorHandler,
			WeirMessageListener listener, ListenerEvents events) {
		AckMode ackMode = ackMode(endpoint, defaults);
		if (ackMode == AckMode.MANUAL && !endpoint.listener().acknowledges()) {
			throw new IllegalArgumentException("Listener '" + endpoint.id()
					+ "' has ackMode MANUAL but no parameter of type Acknowledgement, so it could never acknowledge");
		}
		SubscriptionType type = (endpoint.subscriptionType() != null) ? endpoint.subscriptionType()
				: defaults.subscriptionType();
		return new ContainerSettings(endpoint.id(), endpoint.client(), endpoint.topics(), endpoint.subscription(), type,
				endpoint.batch(), ackMode, concurrency(endpoint, type, defaults),
				keyConcurrency(endpoint, ackMode, defaults),
				(endpoint.autoStartup() != null) ? endpoint.autoStartup() : defaults.autoStartup(),
				endpoint.consumer().or(defaults.consumer()),
				(endpoint.shutdownTimeout() != null) ? endpoint.shutdownTimeout() : defaults.shutdownTimeout(),
				(endpoint.errorHandler() != null) ? endpoint.errorHandler() : errorHandler,
				endpoint.nonRetryable().or(defaults.nonRetryable()), listener, endpoint.group(),
				endpoint.idleEventInterval(), events);
	}

	/** What is said for all is for those that have something to acknowledge. */
	private static AckMode ackMode(WeirListenerEndpoint endpoint, ListenerDefaults defaults) {
		if (endpoint.reader() != null) {
			return AckMode.RECORD;
		}
		return (endpoint.ackMode() != null) ? endpoint.ackMode() : defaults.ackMode();
	}

	private static int concurrency(WeirListenerEndpoint endpoint, SubscriptionType type, ListenerDefaults defaults) {
		boolean exclusive = type == SubscriptionType.EXCLUSIVE || endpoint.reader() != null;
		Integer concurrency = endpoint.concurrency();
		if (concurrency == null) {
			return exclusive ? 1 : defaults.concurrency();
		}
		if (exclusive && concurrency > 1) {
			throw new IllegalArgumentException("Listener '" + endpoint.id() + "' has concurrency " + concurrency
					+ " on an EXCLUSIVE subscription, which has one consumer; its subscriptionType must be "
					+ "SHARED, KEY_SHARED or FAILOVER");
		}
		return concurrency;
	}

	/** One message at a time is what has a key; a default is for those that can. */
	private static int keyConcurrency(WeirListenerEndpoint endpoint, AckMode ackMode, ListenerDefaults defaults) {
		boolean grouped = endpoint.batch() || ackMode == AckMode.BATCH;
		Integer keyConcurrency = endpoint.keyConcurrency();
		if (keyConcurrency == null) {
			return (grouped || endpoint.reader() != null) ? 1 : defaults.keyConcurrency();
		}
		if (grouped && keyConcurrency > 1) {
			throw new IllegalArgumentException("Listener '" + endpoint.id() + "' has keyConcurrency " + keyConcurrency
					+ " and takes or acknowledges batches, whose messages have many keys; with keyConcurrency it must "
					+ "take one message at a time, and its ackMode must be RECORD or MANUAL");
		}
		return keyConcurrency;
	}

	/** Whether it reads its topics without a subscription. */
	boolean isReader() {
		return this.subscription == null;
	}

	/** How many messages the broker may send ahead. */
	int receiverQueueSize() {
		Integer size = this.consumer.receiverQueueSize();
		return (size != null) ? size : DEFAULT_RECEIVER_QUEUE_SIZE;
	}

	/** Whether messages that wait together are taken together. */
	boolean grouped() {
		return this.batch || this.ackMode == AckMode.BATCH;
	}

}
