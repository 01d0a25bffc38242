package io.weir.spring.listener;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.weir.client.Consumer;
import io.weir.client.ConsumerBuilder;
import io.weir.client.WeirClient;
import io.weir.message.Schema;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.observation.WeirObservations;

/** Makes containers whose consumers belong to one client. */
public final class DefaultWeirListenerContainerFactory implements WeirListenerContainerFactory {

	private final WeirClient client;

	private final ListenerDefaults defaults;

	private final WeirErrorHandler errorHandler;

	private final List<ConsumerCustomizer> customizers;

	private final WeirObservations observations;

	private final boolean virtualThreads;

	/**
	 * Creates the factory.
	 * @param client makes the consumers
	 * @param defaults what holds for listeners that do not say otherwise
	 * @param errorHandler decides for listeners that have none of their own
	 * @param customizers change the consumers
	 * @param observations what observes the listeners
	 * @param virtualThreads whether listeners run on virtual threads
	 */
	public DefaultWeirListenerContainerFactory(WeirClient client, ListenerDefaults defaults,
			WeirErrorHandler errorHandler, List<ConsumerCustomizer> customizers, WeirObservations observations,
			boolean virtualThreads) {
		this.client = Objects.requireNonNull(client, "client");
		this.defaults = Objects.requireNonNull(defaults, "defaults");
		this.errorHandler = Objects.requireNonNull(errorHandler, "errorHandler");
		this.customizers = List.copyOf(Objects.requireNonNull(customizers, "customizers"));
		this.observations = Objects.requireNonNull(observations, "observations");
		this.virtualThreads = virtualThreads;
	}

	@Override
	public WeirListenerContainer createContainer(WeirListenerEndpoint endpoint) {
		ContainerSettings settings = ContainerSettings.of(endpoint, this.defaults, this.errorHandler);
		settings.topics().forEach((topic) -> check(endpoint, settings, topic));
		return new WeirListenerContainer(settings, (topic) -> subscribe(endpoint, settings, topic), this.observations,
				this.virtualThreads);
	}

	/** What cannot be configured is to fail now, not when it subscribes. */
	private void check(WeirListenerEndpoint endpoint, ContainerSettings settings, String topic) {
		try {
			builder(endpoint, settings, topic);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("The consumer of listener '" + endpoint.id() + "' on topic '" + topic
					+ "' cannot be configured: " + ex.getMessage(), ex);
		}
	}

	private CompletableFuture<Consumer<byte[]>> subscribe(WeirListenerEndpoint endpoint, ContainerSettings settings,
			String topic) {
		return builder(endpoint, settings, topic).subscribeAsync();
	}

	private ConsumerBuilder<byte[]> builder(WeirListenerEndpoint endpoint, ContainerSettings settings, String topic) {
		ConsumerBuilder<byte[]> builder = this.client.consumer(Schema.bytes())
			.topic(topic)
			.subscription(endpoint.subscription())
			.subscriptionType(endpoint.subscriptionType())
			.initialPosition(endpoint.initialPosition())
			.receiverQueueSize(settings.receiverQueueSize());
		this.customizers.forEach((customizer) -> customizer.customize(topic, builder));
		return builder;
	}

}
