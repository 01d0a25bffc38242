package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

import io.weir.client.WeirClient;
import io.weir.spring.ClientSpecific;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.DefaultWeirConsumerFactory;
import io.weir.spring.DefaultWeirProducerFactory;
import io.weir.spring.MessageTypes;
import io.weir.spring.ProducerCacheSettings;
import io.weir.spring.ProducerCustomizer;
import io.weir.spring.ProducerInterceptor;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirProducerFactory;
import io.weir.spring.WeirSchemas;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.common.PropertySink;
import io.weir.spring.observation.WeirObservations;

/**
 * Makes what the clients of an application are used by, of the properties, and of the
 * customizers and interceptors that hold for them. The default client has no name.
 */
final class ClientParts implements WeirClients.Factory {

	private final WeirProperties properties;

	private final WeirObservations observations;

	private final MessageTypes types;

	private final WeirSchemas schemas;

	private final Environment environment;

	private final ObjectProvider<ProducerCustomizer> producerCustomizers;

	private final ObjectProvider<ConsumerCustomizer> consumerCustomizers;

	private final ObjectProvider<ProducerInterceptor> interceptors;

	ClientParts(WeirProperties properties, WeirObservations observations, MessageTypes types, WeirSchemas schemas,
			Environment environment, ObjectProvider<ProducerCustomizer> producerCustomizers,
			ObjectProvider<ConsumerCustomizer> consumerCustomizers, ObjectProvider<ProducerInterceptor> interceptors) {
		this.properties = properties;
		this.observations = observations;
		this.types = types;
		this.schemas = schemas;
		this.environment = environment;
		this.producerCustomizers = producerCustomizers;
		this.consumerCustomizers = consumerCustomizers;
		this.interceptors = interceptors;
	}

	@Override
	public DefaultWeirProducerFactory producerFactory(@Nullable String name, WeirClient client) {
		return new DefaultWeirProducerFactory(client,
				(topic, builder) -> ProducerConfigurer.configure(builder, this.properties.producer(),
						PropertySink.checked()),
				of(name, this.producerCustomizers), this.observations, this.types, of(name, this.interceptors));
	}

	@Override
	public DefaultWeirConsumerFactory consumerFactory(@Nullable String name, WeirClient client) {
		return new DefaultWeirConsumerFactory(client, (topic, builder) -> ConsumerConfigurer.configure(builder, topic,
				this.properties.consumer(), PropertySink.checked()), of(name, this.consumerCustomizers));
	}

	/** Those that hold for a client, in order. */
	static <T extends ClientSpecific> List<T> of(@Nullable String name, ObjectProvider<T> beans) {
		return beans.orderedStream().filter((bean) -> bean.appliesTo(name)).toList();
	}

	@Override
	public WeirTemplate template(@Nullable String name, WeirClient client, WeirProducerFactory producers) {
		List<NamedProducer> entries = this.properties.producers()
			.values()
			.stream()
			.filter((entry) -> Objects.equals(entry.client(), name))
			.toList();
		WeirProperties.Template template = this.properties.template();
		return WeirTemplate.builder(producers, this.schemas)
			.producerCache(producerCache(this.properties))
			.producerSettings(new TopicSettings(entries))
			.defaultTopic(template.defaultTopic())
			.placeholders(this.environment::resolveRequiredPlaceholders)
			.replies(client, ReplyTopic.of(template, this.environment), template.replyTimeout())
			.build();
	}

	static ProducerCacheSettings producerCache(WeirProperties properties) {
		WeirProperties.Template template = properties.template();
		return new ProducerCacheSettings(template.maxProducers(), template.producerIdleTime());
	}

}
