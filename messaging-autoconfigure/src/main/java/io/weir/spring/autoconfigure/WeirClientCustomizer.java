package io.weir.spring.autoconfigure;

import io.weir.client.WeirClientBuilder;

/**
 * Changes the client before it is built. Beans of this type are applied in order, after
 * the properties and connection details.
 */
@FunctionalInterface
public interface WeirClientCustomizer {

	/**
	 * Changes the client.
	 * @param builder what to change
	 */
	void customize(WeirClientBuilder builder);

}
