package io.weir.spring.autoconfigure;

import org.springframework.util.Assert;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirSchemas;
import io.weir.spring.autoconfigure.common.PropertySink;

/**
 * Makes the beans of {@code weir.producers} and {@code weir.consumers}. They have no
 * destroy methods, which Spring would call one after the other: the client closes all.
 */
final class NamedClients {

	/** Its bean name, by which the definitions of the other beans refer to it. */
	static final String BEAN_NAME = "weirNamedClients";

	private final WeirProperties properties;

	private final WeirSchemas schemas;

	private final WeirClients clients;

	NamedClients(WeirProperties properties, WeirSchemas schemas, WeirClients clients) {
		this.properties = properties;
		this.schemas = schemas;
		this.clients = clients;
	}

	Producer<?> producer(String name) {
		NamedProducer entry = this.properties.producers().get(name);
		Assert.state(entry != null && entry.topic() != null && entry.type() != null,
				() -> "weir.producers." + name + " is incomplete");
		ClientNames.require("producers", name, entry.client(), this.clients);
		return this.clients.producerFactory(entry.client())
			.createProducer(entry.topic(), this.schemas.of(entry.type()),
					(topic, builder) -> ProducerConfigurer.configureNamed(builder, entry, PropertySink.checked()));
	}

	Consumer<?> consumer(String name) {
		NamedConsumer entry = this.properties.consumers().get(name);
		Assert.state(entry != null && entry.topic() != null && entry.type() != null && entry.subscription() != null,
				() -> "weir.consumers." + name + " is incomplete");
		ConsumerDefaults properties = ConsumerConfigurer.merge(entry, this.properties.consumer());
		ClientNames.require("consumers", name, entry.client(), this.clients);
		return this.clients.consumerFactory(entry.client())
			.createConsumer(entry.topic(), entry.subscription(), this.schemas.of(entry.type()), (topic, builder) -> {
				ConsumerConfigurer.configure(builder, topic, properties, PropertySink.checked());
				ConsumerConfigurer.configure(builder, entry, PropertySink.checked());
			});
	}

}
