package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.util.Assert;

import io.weir.client.Consumer;
import io.weir.client.ConsumerBuilder;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.WeirSchemas;
import io.weir.spring.deferred.DeferredConsumer;

/**
 * Makes the beans of {@code weir.producers} and {@code weir.consumers}. They have no
 * destroy methods, which Spring would call one after the other: this begins to close the
 * consumers, as {@link ProducerFactory} does the producers, and the client waits for all.
 */
final class NamedClients {

	/** Its bean name, by which the definitions of the other beans refer to it. */
	static final String BEAN_NAME = "weirNamedClients";

	private final Queue<Consumer<?>> consumers = new ConcurrentLinkedQueue<>();

	private final WeirClient client;

	private final WeirProperties properties;

	private final WeirSchemas schemas;

	private final ProducerFactory producers;

	private final List<ConsumerCustomizer> customizers;

	NamedClients(WeirClient client, WeirProperties properties, WeirSchemas schemas, ProducerFactory producers,
			List<ConsumerCustomizer> customizers) {
		this.client = client;
		this.properties = properties;
		this.schemas = schemas;
		this.producers = producers;
		this.customizers = customizers;
	}

	Producer<?> producer(String name) {
		WeirProperties.NamedProducer entry = this.properties.producers().get(name);
		Assert.state(entry != null && entry.topic() != null && entry.type() != null,
				() -> "weir.producers." + name + " is incomplete");
		return this.producers.create(entry.topic(), this.schemas.of(entry.type()), entry);
	}

	Consumer<?> consumer(String name) {
		WeirProperties.NamedConsumer entry = this.properties.consumers().get(name);
		Assert.state(entry != null && entry.topic() != null && entry.type() != null && entry.subscription() != null,
				() -> "weir.consumers." + name + " is incomplete");
		WeirProperties.Consumer properties = ConsumerConfigurer.merge(entry, this.properties.consumer());
		ConsumerBuilder<Object> builder = this.client.consumer(this.schemas.of(entry.type()))
			.topic(entry.topic())
			.subscription(entry.subscription())
			.subscriptionType(entry.subscriptionType())
			.initialPosition(entry.initialPosition())
			.receiverQueueSize(properties.receiverQueueSize());
		ConsumerConfigurer.configure(builder, entry.topic(), properties);
		this.customizers.forEach((customizer) -> customizer.customize(entry.topic(), builder));
		Consumer<?> consumer = new DeferredConsumer<>(entry.topic(), entry.subscription(), builder::subscribeAsync);
		this.consumers.add(consumer);
		return consumer;
	}

	void beginToClose() {
		this.consumers.forEach(Consumer::closeAsync);
	}

}
