package io.weir.spring;

import io.weir.client.Producer;
import io.weir.message.Schema;

/**
 * Makes producers as the application wants all of its producers: with its defaults, its
 * {@link ProducerCustomizer} beans and its observations. The template and the producers
 * of {@code weir.producers} come from here. <pre>{@code
 * Producer<Order> orders = factory.createProducer("orders", schemas.of(Order.class));
 * }</pre> Safe to use from any thread.
 */
public interface WeirProducerFactory {

	/**
	 * Makes a producer with the defaults.
	 * @param topic the topic that it publishes to
	 * @param schema how its values become payloads
	 * @param <T> the type of the values
	 * @return as {@link #createProducer(String, Schema, ProducerCustomizer)}
	 * @throws IllegalArgumentException as the other one
	 */
	default <T> Producer<T> createProducer(String topic, Schema<T> schema) {
		return createProducer(topic, schema, (name, builder) -> {
		});
	}

	/**
	 * Makes a producer with settings of its own. Does not wait for the broker, which gets
	 * to know the producer with its first message.
	 * @param topic the topic that it publishes to
	 * @param schema how its values become payloads
	 * @param settings what this one does not leave to the defaults; customizers come
	 * after it
	 * @param <T> the type of the values
	 * @return the producer; closed by the caller, or with the client
	 * @throws IllegalArgumentException if a setting is wrong, naming what is allowed
	 */
	<T> Producer<T> createProducer(String topic, Schema<T> schema, ProducerCustomizer settings);

}
