package io.weir.spring;

import io.weir.client.ProducerBuilder;

/**
 * Changes producers before they are created: those of {@code weir.producers} and those of
 * the template. Beans of this type are applied in order, after the properties.
 */
@FunctionalInterface
public interface ProducerCustomizer {

	/**
	 * Changes a producer.
	 * @param topic the topic that it publishes to
	 * @param builder what to change
	 */
	void customize(String topic, ProducerBuilder<?> builder);

}
