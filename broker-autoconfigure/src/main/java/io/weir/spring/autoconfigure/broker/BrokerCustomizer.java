package io.weir.spring.autoconfigure.broker;

import io.weir.broker.BrokerBuilder;

/**
 * Changes how the auto-configured broker is built. Beans of this type are called in
 * order, after the properties were applied.
 */
@FunctionalInterface
public interface BrokerCustomizer {

	/**
	 * Changes the builder.
	 * @param builder what to change
	 */
	void customize(BrokerBuilder builder);

}
