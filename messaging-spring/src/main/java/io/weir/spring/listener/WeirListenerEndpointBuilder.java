package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.ReaderCustomizer;

/**
 * Puts a listener together that no annotation asks for: <pre>{@code
 * WeirListenerEndpoint audit = WeirListenerEndpoint.builder("audit")
 *         .topics("orders", "returns")
 *         .listener((messages, acknowledgement) -> { store(messages); return null; })
 *         .build();
 * registry.register(factory.createContainer(audit));
 * }</pre> {@link ListenerCustomizer}s are given those of annotations, too. What is not
 * set is left to the container factory. Used by one thread.
 */
public final class WeirListenerEndpointBuilder {

	private final String id;

	private @Nullable String client;

	private List<String> topics = List.of();

	private @Nullable String subscription;

	private @Nullable SubscriptionType subscriptionType;

	private InitialPosition initialPosition = InitialPosition.LATEST;

	private boolean batch;

	private @Nullable AckMode ackMode;

	private @Nullable Integer concurrency;

	private @Nullable Integer keyConcurrency;

	private @Nullable Boolean autoStartup;

	private @Nullable Duration shutdownTimeout;

	private ConsumerSettings consumer = ConsumerSettings.NONE;

	private ConsumerCustomizer customizer = (topic, builder) -> {
	};

	private @Nullable ReaderCustomizer reader;

	private @Nullable WeirErrorHandler errorHandler;

	private NonRetryableFailures nonRetryable = NonRetryableFailures.DEFAULTS;

	private @Nullable WeirMessageListener listener;

	private @Nullable WeirMessageFilter filter;

	private @Nullable String group;

	private @Nullable Duration idleEventInterval;

	WeirListenerEndpointBuilder(String id) {
		this.id = Objects.requireNonNull(id, "id");
	}

	/**
	 * Which listener this is.
	 * @return unique within the application
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Sets the client whose broker the topics are on.
	 * @param client the name of a further client; the default one by default
	 * @return this
	 * @see io.weir.spring.WeirClients
	 */
	public WeirListenerEndpointBuilder client(String client) {
		this.client = Objects.requireNonNull(client, "client");
		return this;
	}

	/**
	 * Sets the topics. Required.
	 * @param topics one or more names; a {@code *} in one stands for any characters
	 * @return this
	 */
	public WeirListenerEndpointBuilder topics(String... topics) {
		this.topics = List.of(Objects.requireNonNull(topics, "topics"));
		return this;
	}

	/**
	 * Sets the subscription.
	 * @param subscription the name; the id by default
	 * @return this
	 */
	public WeirListenerEndpointBuilder subscription(String subscription) {
		this.subscription = Objects.requireNonNull(subscription, "subscription");
		return this;
	}

	/**
	 * Sets how messages are shared out.
	 * @param subscriptionType the type
	 * @return this
	 */
	public WeirListenerEndpointBuilder subscriptionType(SubscriptionType subscriptionType) {
		this.subscriptionType = Objects.requireNonNull(subscriptionType, "subscriptionType");
		return this;
	}

	/**
	 * Sets where a new subscription begins, or a reader.
	 * @param initialPosition the position; {@code LATEST} by default
	 * @return this
	 */
	public WeirListenerEndpointBuilder initialPosition(InitialPosition initialPosition) {
		this.initialPosition = Objects.requireNonNull(initialPosition, "initialPosition");
		if (this.reader != null) {
			reader((topic, builder) -> builder.startAt(initialPosition));
		}
		return this;
	}

	/**
	 * Sets whether the listener takes all messages that wait together.
	 * @param batch whether it does; {@code false} by default
	 * @return this
	 */
	public WeirListenerEndpointBuilder batch(boolean batch) {
		this.batch = batch;
		return this;
	}

	/**
	 * Sets when messages are acknowledged.
	 * @param ackMode when
	 * @return this
	 */
	public WeirListenerEndpointBuilder ackMode(AckMode ackMode) {
		this.ackMode = Objects.requireNonNull(ackMode, "ackMode");
		return this;
	}

	/**
	 * Sets how many consumers there are for each topic.
	 * @param concurrency from 1
	 * @return this
	 */
	public WeirListenerEndpointBuilder concurrency(int concurrency) {
		this.concurrency = concurrency;
		return this;
	}

	/**
	 * Sets whether to start with the application.
	 * @param autoStartup whether
	 * @return this
	 */
	public WeirListenerEndpointBuilder autoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
		return this;
	}

	/**
	 * Sets how many messages of different keys each consumer works on at once, each on a
	 * thread; those of one key stay in order.
	 * @param keyConcurrency from 1
	 * @return this
	 */
	public WeirListenerEndpointBuilder keyConcurrency(int keyConcurrency) {
		this.keyConcurrency = keyConcurrency;
		return this;
	}

	/**
	 * Sets how long the listener may take to finish what it was given when it is stopped.
	 * @param shutdownTimeout up to 365 days
	 * @return this
	 */
	public WeirListenerEndpointBuilder shutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = Objects.requireNonNull(shutdownTimeout, "shutdownTimeout");
		return this;
	}

	/**
	 * Says what is to be said of its consumers; what the settings leave out stays as it
	 * was.
	 * @param settings the settings
	 * @return this
	 */
	public WeirListenerEndpointBuilder consumer(ConsumerSettings settings) {
		this.consumer = Objects.requireNonNull(settings, "settings").or(this.consumer);
		return this;
	}

	/**
	 * Has its consumers changed, if it is not a reader, after all settings and after what
	 * was given here before.
	 * @param customizer is called for each topic, whenever the listener starts
	 * @return this
	 */
	public WeirListenerEndpointBuilder customizeConsumer(ConsumerCustomizer customizer) {
		Objects.requireNonNull(customizer, "customizer");
		ConsumerCustomizer before = this.customizer;
		this.customizer = (topic, builder) -> {
			before.customize(topic, builder);
			customizer.customize(topic, builder);
		};
		return this;
	}

	/**
	 * Has the topics read without a subscription: nothing is acknowledged, and every
	 * instance of the application is given all messages, from {@link #initialPosition} on
	 * or from where the customizer says.
	 * @param customizer is called for each topic, whenever a reader is made, after the
	 * one that was given here before
	 * @return this
	 */
	public WeirListenerEndpointBuilder reader(ReaderCustomizer customizer) {
		Objects.requireNonNull(customizer, "customizer");
		ReaderCustomizer before = this.reader;
		this.reader = (before == null) ? customizer : (topic, builder) -> {
			before.customize(topic, builder);
			customizer.customize(topic, builder);
		};
		return this;
	}

	/**
	 * Whether the topics are read without a subscription, so that what is about
	 * subscriptions cannot be set.
	 * @return whether {@link #reader} was called
	 */
	public boolean isReader() {
		return this.reader != null;
	}

	/**
	 * Sets what decides about messages that the listener failed on.
	 * @param errorHandler decides
	 * @return this
	 */
	public WeirListenerEndpointBuilder errorHandler(WeirErrorHandler errorHandler) {
		this.errorHandler = Objects.requireNonNull(errorHandler, "errorHandler");
		return this;
	}

	/**
	 * Says which failures are not retried; what this leaves out stays as it was.
	 * @param failures what is added and what is removed
	 * @return this
	 */
	public WeirListenerEndpointBuilder nonRetryable(NonRetryableFailures failures) {
		this.nonRetryable = Objects.requireNonNull(failures, "failures").or(this.nonRetryable);
		return this;
	}

	/**
	 * Sets what is given the messages. Required.
	 * @param listener is called
	 * @return this
	 */
	public WeirListenerEndpointBuilder listener(WeirMessageListener listener) {
		this.listener = Objects.requireNonNull(listener, "listener");
		return this;
	}

	/**
	 * Sets which messages the listener is given.
	 * @param filter decides
	 * @return this
	 */
	public WeirListenerEndpointBuilder filter(WeirMessageFilter filter) {
		this.filter = Objects.requireNonNull(filter, "filter");
		return this;
	}

	/**
	 * Sets the group, whose listeners can be started and stopped together.
	 * @param group any name
	 * @return this
	 * @see WeirListenerRegistry#startGroup(String)
	 */
	public WeirListenerEndpointBuilder group(String group) {
		this.group = Objects.requireNonNull(group, "group");
		return this;
	}

	/**
	 * Sets after how long without a message {@link WeirListenerEvent.Idle} is published.
	 * @param idleEventInterval from a millisecond; never by default
	 * @return this
	 */
	public WeirListenerEndpointBuilder idleEventInterval(Duration idleEventInterval) {
		this.idleEventInterval = Objects.requireNonNull(idleEventInterval, "idleEventInterval");
		return this;
	}

	/**
	 * Makes the endpoint.
	 * @return the endpoint
	 * @throws IllegalArgumentException naming the listener, what is wrong and what is
	 * allowed
	 */
	public WeirListenerEndpoint build() {
		WeirMessageListener called = this.listener;
		if (called == null) {
			throw new IllegalArgumentException("Listener '" + this.id + "' needs a listener that is called");
		}
		if (this.filter != null) {
			called = new FilteredListener(called, this.filter);
		}
		String subscribed = (this.subscription == null && this.reader == null) ? this.id : this.subscription;
		return new WeirListenerEndpoint(this.id, this.client, this.topics, subscribed, this.subscriptionType,
				this.initialPosition, this.batch, this.ackMode, this.concurrency, this.keyConcurrency, this.autoStartup,
				this.shutdownTimeout, this.consumer, this.customizer, this.reader, this.errorHandler, this.nonRetryable,
				called, this.group, this.idleEventInterval);
	}

}
