package io.weir.spring.listener;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.weir.client.Consumer;
import io.weir.client.ConsumerBuilder;
import io.weir.message.Schema;
import io.weir.spring.WeirConsumerFactory;
import io.weir.spring.observation.WeirObservations;

/** Makes containers whose consumers come from one factory. */
public final class DefaultWeirListenerContainerFactory implements WeirListenerContainerFactory {

	private final WeirConsumerFactory consumers;

	private final ListenerDefaults defaults;

	private final WeirErrorHandler errorHandler;

	private final WeirObservations observations;

	private final boolean virtualThreads;

	/**
	 * Creates the factory.
	 * @param consumers makes the consumers
	 * @param defaults what holds for listeners that do not say otherwise
	 * @param errorHandler decides for listeners that have none of their own
	 * @param observations what observes the listeners
	 * @param virtualThreads whether listeners run on virtual threads
	 */
	public DefaultWeirListenerContainerFactory(WeirConsumerFactory consumers, ListenerDefaults defaults,
			WeirErrorHandler errorHandler, WeirObservations observations, boolean virtualThreads) {
		this.consumers = Objects.requireNonNull(consumers, "consumers");
		this.defaults = Objects.requireNonNull(defaults, "defaults");
		this.errorHandler = Objects.requireNonNull(errorHandler, "errorHandler");
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
		return this.consumers.builder(topic, endpoint.subscription(), Schema.bytes(),
				(name, builder) -> builder.subscriptionType(settings.subscriptionType())
					.initialPosition(endpoint.initialPosition())
					.receiverQueueSize(settings.receiverQueueSize()));
	}

}
