package io.weir.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.weir.client.Producer;
import io.weir.client.ProducerBuilder;
import io.weir.client.WeirClient;
import io.weir.message.Schema;
import io.weir.spring.observation.ObservedProducer;
import io.weir.spring.observation.WeirObservations;

/** Makes producers of one client. Has nothing to close: the client closes them. */
public final class DefaultWeirProducerFactory implements WeirProducerFactory {

	private final WeirClient client;

	private final ProducerCustomizer defaults;

	private final List<ProducerCustomizer> customizers;

	private final WeirObservations observations;

	private final List<ProducerInterceptor> interceptors;

	/**
	 * Creates a factory of producers as the client makes them, not observed.
	 * @param client makes the producers
	 */
	public DefaultWeirProducerFactory(WeirClient client) {
		this(client, (topic, builder) -> {
		}, List.of(), WeirObservations.NOOP);
	}

	/**
	 * Creates the factory.
	 * @param client makes the producers
	 * @param defaults what holds for producers that do not say otherwise
	 * @param customizers have the last word, in this order
	 * @param observations what observes the messages
	 */
	public DefaultWeirProducerFactory(WeirClient client, ProducerCustomizer defaults,
			List<ProducerCustomizer> customizers, WeirObservations observations) {
		this(client, defaults, customizers, observations, new MessageTypes(), List.of());
	}

	/**
	 * Creates the factory.
	 * @param client makes the producers
	 * @param defaults what holds for producers that do not say otherwise
	 * @param customizers have the last word, in this order
	 * @param observations what observes the messages
	 * @param types the names of types, of which each message says its own
	 * @param interceptors are shown each message, in this order
	 */
	public DefaultWeirProducerFactory(WeirClient client, ProducerCustomizer defaults,
			List<ProducerCustomizer> customizers, WeirObservations observations, MessageTypes types,
			List<ProducerInterceptor> interceptors) {
		this.client = Objects.requireNonNull(client, "client");
		this.defaults = Objects.requireNonNull(defaults, "defaults");
		this.customizers = List.copyOf(Objects.requireNonNull(customizers, "customizers"));
		this.observations = Objects.requireNonNull(observations, "observations");
		Objects.requireNonNull(types, "types");
		List<ProducerInterceptor> all = new ArrayList<>();
		all.add((message) -> addType(message, types));
		all.addAll(Objects.requireNonNull(interceptors, "interceptors"));
		this.interceptors = List.copyOf(all);
	}

	private static void addType(OutgoingMessage message, MessageTypes types) {
		Object value = message.value();
		String name = (value != null) ? types.nameOf(value.getClass()) : null;
		if (name != null && !message.headers().containsKey(WeirHeaders.TYPE)) {
			message.header(WeirHeaders.TYPE, name);
		}
	}

	private static void addSchema(OutgoingMessage message, Schema<?> schema) {
		Object value = message.value();
		String id = (schema instanceof IdentifiedSchema<?> identified) ? identified.id()
				: (schema instanceof AnySchema any && value != null) ? any.idOf(value) : null;
		if (id != null && value != null) {
			message.header(WeirHeaders.SCHEMA, id);
		}
	}

	@Override
	public <T> Producer<T> createProducer(String topic, Schema<T> schema, ProducerCustomizer settings) {
		Objects.requireNonNull(topic, "topic");
		Objects.requireNonNull(schema, "schema");
		Objects.requireNonNull(settings, "settings");
		ProducerBuilder<T> builder = this.client.producer(schema).topic(topic);
		this.defaults.customize(topic, builder);
		settings.customize(topic, builder);
		this.customizers.forEach((customizer) -> customizer.customize(topic, builder));
		List<ProducerInterceptor> told = new ArrayList<>(this.interceptors);
		told.add(0, (message) -> addSchema(message, schema));
		return new ObservedProducer<>(new InterceptedProducer<>(builder.createLazily(), List.copyOf(told)),
				this.observations);
	}

}
