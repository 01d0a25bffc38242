package io.weir.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.CallbackFuture;
import io.weir.client.internal.consumer.ConsumerSettings;
import io.weir.client.internal.consumer.Subscriber;
import io.weir.message.InitialPosition;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.message.TopicPattern;
import io.weir.setting.Require;
import io.weir.time.DurationRange;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;

/** Checks and gathers the settings of a consumer. */
final class DefaultConsumerBuilder<T> implements ConsumerBuilder<T> {

	static final int RECEIVER_QUEUE_SIZE = 1000;

	static final long RECEIVER_QUEUE_BYTES = 64L * 1024 * 1024;

	private final @Nullable DefaultWeirClient client;

	private final Schema<T> schema;

	private @Nullable String topic;

	private @Nullable TopicPattern pattern;

	private Duration topicSearchInterval = Duration.ofSeconds(10);

	private @Nullable String subscription;

	private SubscriptionType type = SubscriptionType.EXCLUSIVE;

	private InitialPosition initialPosition = InitialPosition.LATEST;

	private @Nullable String name;

	private int receiverQueueSize = RECEIVER_QUEUE_SIZE;

	private long receiverQueueBytes = RECEIVER_QUEUE_BYTES;

	private Duration ackTimeout = Duration.ZERO;

	private RedeliveryBackoff redeliveryBackoff = RedeliveryBackoff.none();

	private @Nullable DeadLetterPolicy deadLetterPolicy;

	private Duration acknowledgementDelay = Duration.ofMillis(10);

	private @Nullable MessageListener<T> listener;

	/**
	 * Creates the builder.
	 * @param client whose consumer it builds, or {@code null} for checks only
	 */
	DefaultConsumerBuilder(@Nullable DefaultWeirClient client, Schema<T> schema) {
		this.client = client;
		this.schema = schema;
	}

	@Override
	public ConsumerBuilder<T> topic(String topic) {
		Objects.requireNonNull(topic, "topic");
		this.topic = Topic.named(topic).name();
		this.pattern = null;
		return this;
	}

	@Override
	public ConsumerBuilder<T> topics(String pattern) {
		Objects.requireNonNull(pattern, "pattern");
		TopicPattern checked = new TopicPattern(pattern);
		if (!pattern.contains("*")) {
			return topic(pattern);
		}
		this.pattern = checked;
		this.topic = pattern;
		return this;
	}

	@Override
	public ConsumerBuilder<T> topicSearchInterval(Duration interval) {
		this.topicSearchInterval = DurationRange.FROM_ONE_MILLISECOND.check("topicSearchInterval", interval);
		return this;
	}

	@Override
	public ConsumerBuilder<T> subscription(String subscription) {
		Objects.requireNonNull(subscription, "subscription");
		try {
			this.subscription = Topic.named(subscription).name();
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Subscription names are as topic names. " + ex.getMessage(), ex);
		}
		return this;
	}

	@Override
	public ConsumerBuilder<T> subscriptionType(SubscriptionType type) {
		Objects.requireNonNull(type, "type");
		this.type = type;
		return this;
	}

	@Override
	public ConsumerBuilder<T> initialPosition(InitialPosition initialPosition) {
		Objects.requireNonNull(initialPosition, "initialPosition");
		this.initialPosition = initialPosition;
		return this;
	}

	@Override
	public ConsumerBuilder<T> name(String name) {
		this.name = Require.name("name", Limits.MAX_NAME_BYTES, name);
		return this;
	}

	@Override
	public ConsumerBuilder<T> receiverQueueSize(int size) {
		this.receiverQueueSize = Require.atLeast("receiverQueueSize", 1, size);
		return this;
	}

	@Override
	public ConsumerBuilder<T> receiverQueueBytes(long bytes) {
		this.receiverQueueBytes = Require.bytes("receiverQueueBytes", bytes);
		return this;
	}

	@Override
	public ConsumerBuilder<T> ackTimeout(Duration timeout) {
		this.ackTimeout = DurationRange.FROM_ZERO.check("ackTimeout", timeout);
		return this;
	}

	@Override
	public ConsumerBuilder<T> negativeAckRedeliveryBackoff(RedeliveryBackoff backoff) {
		Objects.requireNonNull(backoff, "backoff");
		this.redeliveryBackoff = backoff;
		return this;
	}

	@Override
	public ConsumerBuilder<T> deadLetterPolicy(@Nullable DeadLetterPolicy policy) {
		this.deadLetterPolicy = policy;
		return this;
	}

	@Override
	public ConsumerBuilder<T> acknowledgementDelay(Duration delay) {
		this.acknowledgementDelay = DurationRange.FROM_ZERO.check("acknowledgementDelay", delay);
		return this;
	}

	@Override
	public ConsumerBuilder<T> messageListener(MessageListener<T> listener) {
		Objects.requireNonNull(listener, "listener");
		this.listener = listener;
		return this;
	}

	@Override
	public Consumer<T> subscribe() {
		return Await.on(this::subscribeAsync, "the broker to accept the consumer", "subscribeAsync");
	}

	@Override
	public CompletableFuture<Consumer<T>> subscribeAsync() {
		DefaultWeirClient client = client();
		ConsumerSettings settings = settings(client);
		Executor callbacks = callbacks(client, settings);
		return CallbackFuture.of(open(client, callbacks, settings), callbacks);
	}

	@Override
	public Consumer<T> subscribeInBackground() {
		DefaultWeirClient client = client();
		ConsumerSettings settings = settings(client);
		Executor callbacks = callbacks(client, settings);
		MessageListener<T> listener = this.listener;
		if (listener == null) {
			return new DefaultConsumer<>(() -> {
				Subscriber<T> core = newConsumer(client, settings);
				client.open(core);
				core.openInBackground();
				return core;
			}, callbacks, settings.topic(), settings.subscription());
		}
		Subscriber<T> core = newConsumer(client, settings);
		Listening<T> listening = listening(client, core, listener, settings);
		client.open(listening);
		core.openInBackground();
		Consumer<T> consumer = new DefaultConsumer<>(core, listening, callbacks, settings.topic(),
				settings.subscription());
		listening.start(consumer);
		return consumer;
	}

	private Subscriber<T> newConsumer(DefaultWeirClient client, ConsumerSettings settings) {
		return (this.pattern != null) ? client.newConsumer(settings, this.schema, this.topicSearchInterval)
				: client.newConsumer(settings, this.schema, Set.of());
	}

	private DefaultWeirClient client() {
		if (this.client == null) {
			throw new IllegalStateException("This builder has no client, and only checks settings");
		}
		return this.client;
	}

	private Executor callbacks(DefaultWeirClient client, ConsumerSettings settings) {
		return client.newCallbackQueue("the consumer of " + settings.subscriptionOfTopic());
	}

	private ConsumerSettings settings(DefaultWeirClient client) {
		String topic = this.topic;
		String subscription = this.subscription;
		if (topic == null || subscription == null) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION, "A consumer needs a topic and a subscription");
		}
		return new ConsumerSettings(topic, subscription, this.type, this.initialPosition,
				(this.name != null) ? this.name : client.settings().name(), this.receiverQueueSize,
				this.receiverQueueBytes, this.acknowledgementDelay, this.ackTimeout, this.redeliveryBackoff::next,
				ExponentialBackoff.ruleOf(this.redeliveryBackoff), deadLettering(topic, subscription), null,
				WeirException::from);
	}

	private CompletableFuture<Consumer<T>> open(DefaultWeirClient client, Executor callbacks,
			ConsumerSettings settings) {
		Subscriber<T> core = newConsumer(client, settings);
		MessageListener<T> listener = this.listener;
		if (listener == null) {
			return client.open(core, core.open(),
					() -> new DefaultConsumer<>(core, null, callbacks, settings.topic(), settings.subscription()));
		}
		Listening<T> listening = listening(client, core, listener, settings);
		CompletableFuture<Consumer<T>> subscribed = client.open(listening, core.open(),
				() -> new DefaultConsumer<>(core, listening, callbacks, settings.topic(), settings.subscription()));
		// Not before, for one that was cancelled meanwhile must be given nothing.
		subscribed.thenAccept(listening::start);
		return subscribed;
	}

	private Listening<T> listening(DefaultWeirClient client, Subscriber<T> core, MessageListener<T> listener,
			ConsumerSettings settings) {
		return new Listening<>(core, listener, settings.subscriptionOfTopic(),
				ClientRuntime.THREADS + client.settings().name() + "-consumer-" + settings.subscription());
	}

	private ConsumerSettings.@Nullable DeadLettering deadLettering(String topic, String subscription) {
		DeadLetterPolicy policy = this.deadLetterPolicy;
		if (policy == null) {
			return null;
		}
		if (this.pattern != null && policy.topic() == null) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION,
					"The dead-letter topic of a consumer of the topics '" + topic + "' must be named");
		}
		String deadLetters = policy.topicOf(topic, subscription);
		if (this.pattern != null && this.pattern.matches(deadLetters)) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION, "The dead-letter topic '" + deadLetters
					+ "' must not be one of the topics that are consumed, '" + topic + "'");
		}
		if (deadLetters.equals(topic)) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION,
					"The dead-letter topic must not be the topic that is consumed, '" + topic + "'");
		}
		return new ConsumerSettings.DeadLettering(deadLetters, policy.maxRedeliveries());
	}

}
