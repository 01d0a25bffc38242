package io.weir.spring.cloud.stream;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.cloud.stream.binder.BinderSpecificPropertiesProvider;

/** What is said of one binding. */
public class WeirBindingProperties implements BinderSpecificPropertiesProvider {

	@NestedConfigurationProperty
	private WeirConsumerProperties consumer = new WeirConsumerProperties();

	@NestedConfigurationProperty
	private WeirProducerProperties producer = new WeirProducerProperties();

	@Override
	public WeirConsumerProperties getConsumer() {
		return this.consumer;
	}

	/**
	 * Sets what counts if it is an input.
	 * @param consumer the properties
	 */
	public void setConsumer(WeirConsumerProperties consumer) {
		this.consumer = consumer;
	}

	@Override
	public WeirProducerProperties getProducer() {
		return this.producer;
	}

	/**
	 * Sets what counts if it is an output.
	 * @param producer the properties
	 */
	public void setProducer(WeirProducerProperties producer) {
		this.producer = producer;
	}

}
