package io.weir.spring;

import io.weir.client.ConsumerBuilder;

/**
 * Changes consumers before they subscribe: those of {@code weir.consumers} and those of
 * listeners. Beans of this type are applied in order, after the properties.
 */
@FunctionalInterface
public interface ConsumerCustomizer {

	/**
	 * Changes a consumer.
	 * @param topic the topic that it reads
	 * @param builder what to change
	 */
	void customize(String topic, ConsumerBuilder<?> builder);

}
