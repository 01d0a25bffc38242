package io.weir.spring;

import io.weir.client.Consumer;
import io.weir.client.ConsumerBuilder;
import io.weir.message.Schema;

/**
 * Makes consumers as the application wants all of its consumers: with its defaults and
 * its {@link ConsumerCustomizer} beans. Those of listeners and of {@code weir.consumers}
 * come from here. <pre>{@code
 * Consumer<Order> audit = factory.createConsumer("orders", "audit", schemas.of(Order.class));
 * }</pre> Safe to use from any thread.
 */
public interface WeirConsumerFactory {

	/**
	 * Makes a consumer with the defaults.
	 * @param topic the topic that it reads; with a {@code *}, all topics that match
	 * @param subscription the subscription, which remembers what was acknowledged
	 * @param schema how payloads become values
	 * @param <T> the type of the values
	 * @return as {@link #createConsumer(String, String, Schema, ConsumerCustomizer)}
	 * @throws IllegalArgumentException as the other one
	 */
	default <T> Consumer<T> createConsumer(String topic, String subscription, Schema<T> schema) {
		return createConsumer(topic, subscription, schema, (name, builder) -> {
		});
	}

	/**
	 * Makes a consumer with settings of its own. Does not wait for the broker: the
	 * consumer subscribes in the background.
	 * @param topic the topic that it reads; with a {@code *}, all topics that match
	 * @param subscription the subscription, which remembers what was acknowledged
	 * @param schema how payloads become values
	 * @param settings what this one does not leave to the defaults; customizers come
	 * after it
	 * @param <T> the type of the values
	 * @return the consumer; closed by the caller, or with the client
	 * @throws IllegalArgumentException if a setting is wrong, naming what is allowed
	 */
	<T> Consumer<T> createConsumer(String topic, String subscription, Schema<T> schema, ConsumerCustomizer settings);

	/**
	 * As {@link #createConsumer(String, String, Schema, ConsumerCustomizer)}, but leaves
	 * it to the caller to subscribe.
	 * @param topic the topic that it reads; with a {@code *}, all topics that match
	 * @param subscription the subscription, which remembers what was acknowledged
	 * @param schema how payloads become values
	 * @param settings what this one does not leave to the defaults
	 * @param <T> the type of the values
	 * @return knows all settings, and was not used yet
	 * @throws IllegalArgumentException if a setting is wrong, naming what is allowed
	 */
	<T> ConsumerBuilder<T> builder(String topic, String subscription, Schema<T> schema, ConsumerCustomizer settings);

}
