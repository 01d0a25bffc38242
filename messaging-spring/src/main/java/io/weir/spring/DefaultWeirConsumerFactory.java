package io.weir.spring;

import java.util.List;
import java.util.Objects;

import io.weir.client.Consumer;
import io.weir.client.ConsumerBuilder;
import io.weir.client.WeirClient;
import io.weir.message.Schema;

/** Makes consumers of one client. Has nothing to close: the client closes them. */
public final class DefaultWeirConsumerFactory implements WeirConsumerFactory {

	private final WeirClient client;

	private final ConsumerCustomizer defaults;

	private final List<ConsumerCustomizer> customizers;

	/**
	 * Creates a factory of consumers as the client makes them.
	 * @param client makes the consumers
	 */
	public DefaultWeirConsumerFactory(WeirClient client) {
		this(client, (topic, builder) -> {
		}, List.of());
	}

	/**
	 * Creates the factory.
	 * @param client makes the consumers
	 * @param defaults what holds for consumers that do not say otherwise
	 * @param customizers have the last word, in this order
	 */
	public DefaultWeirConsumerFactory(WeirClient client, ConsumerCustomizer defaults,
			List<ConsumerCustomizer> customizers) {
		this.client = Objects.requireNonNull(client, "client");
		this.defaults = Objects.requireNonNull(defaults, "defaults");
		this.customizers = List.copyOf(Objects.requireNonNull(customizers, "customizers"));
	}

	@Override
	public <T> Consumer<T> createConsumer(String topic, String subscription, Schema<T> schema,
			ConsumerCustomizer settings) {
		return builder(topic, subscription, schema, settings).subscribeInBackground();
	}

	@Override
	public <T> ConsumerBuilder<T> builder(String topic, String subscription, Schema<T> schema,
			ConsumerCustomizer settings) {
		Objects.requireNonNull(topic, "topic");
		Objects.requireNonNull(subscription, "subscription");
		Objects.requireNonNull(schema, "schema");
		Objects.requireNonNull(settings, "settings");
		ConsumerBuilder<T> builder = this.client.consumer(schema).subscription(subscription);
		if (topic.contains("*")) {
			builder.topics(topic);
		}
		else {
			builder.topic(topic);
		}
		this.defaults.customize(topic, builder);
		settings.customize(topic, builder);
		this.customizers.forEach((customizer) -> customizer.customize(topic, builder));
		return builder;
	}

}
