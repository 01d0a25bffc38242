package io.weir.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.consumer.ConsumerCore;
import io.weir.client.internal.consumer.ConsumerSettings;
import io.weir.message.InitialPosition;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;

/** Checks and gathers the settings of a consumer. */
final class DefaultConsumerBuilder<T> implements ConsumerBuilder<T> {

	private final DefaultWeirClient client;

	private final Schema<T> schema;

	private @Nullable String topic;

	private @Nullable String subscription;

	private SubscriptionType type = SubscriptionType.EXCLUSIVE;

	private InitialPosition initialPosition = InitialPosition.LATEST;

	private String name;

	private int receiverQueueSize = 1000;

	private Duration acknowledgementDelay = Duration.ofMillis(10);

	DefaultConsumerBuilder(DefaultWeirClient client, Schema<T> schema) {
		this.client = client;
		this.schema = schema;
		this.name = client.settings().name();
	}

	@Override
	public ConsumerBuilder<T> topic(String topic) {
		this.topic = new Topic(topic).name();
		return this;
	}

	@Override
	public ConsumerBuilder<T> subscription(String subscription) {
		try {
			this.subscription = new Topic(subscription).name();
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Subscription names are as topic names. " + ex.getMessage(), ex);
		}
		return this;
	}

	@Override
	public ConsumerBuilder<T> subscriptionType(SubscriptionType type) {
		this.type = type;
		return this;
	}

	@Override
	public ConsumerBuilder<T> initialPosition(InitialPosition initialPosition) {
		this.initialPosition = initialPosition;
		return this;
	}

	@Override
	public ConsumerBuilder<T> name(String name) {
		this.name = Require.notBlank("name", name);
		return this;
	}

	@Override
	public ConsumerBuilder<T> receiverQueueSize(int size) {
		this.receiverQueueSize = Require.atLeast("receiverQueueSize", 1, size);
		return this;
	}

	@Override
	public ConsumerBuilder<T> acknowledgementDelay(Duration delay) {
		this.acknowledgementDelay = Require.notNegative("acknowledgementDelay", delay);
		return this;
	}

	@Override
	public Consumer<T> subscribe() {
		return Waiting.on(subscribeAsync(), "the broker to accept the consumer");
	}

	@Override
	public CompletableFuture<Consumer<T>> subscribeAsync() {
		String topic = this.topic;
		String subscription = this.subscription;
		if (topic == null || subscription == null) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION, "A consumer needs a topic and a subscription");
		}
		ConsumerSettings settings = new ConsumerSettings(topic, subscription, this.type, this.initialPosition,
				this.name, this.receiverQueueSize, this.acknowledgementDelay, WeirException::from);
		ConsumerCore<T> core = this.client.newConsumer(settings, this.schema);
		return this.client.open(core, core.open(), () -> new DefaultConsumer<>(core, topic, subscription));
	}

}
