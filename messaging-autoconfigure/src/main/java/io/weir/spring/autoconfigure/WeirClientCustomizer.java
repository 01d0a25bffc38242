package io.weir.spring.autoconfigure;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.client.WeirClientBuilder;
import io.weir.spring.ClientSpecific;

/**
 * Changes a client before it is built: each of the application's, unless
 * {@link #appliesTo} says otherwise. Beans of this type are applied in order, after the
 * properties and connection details.
 */
@FunctionalInterface
public interface WeirClientCustomizer extends ClientSpecific {

	/**
	 * Changes the client.
	 * @param builder what to change
	 */
	void customize(WeirClientBuilder builder);

	/**
	 * Limits a customizer to one client.
	 * @param client the client's name, that of {@code weir.clients} or that given to
	 * {@link WeirClientFactory#createClient}; {@code null} for the default client
	 * @param customizer what is to be done with it
	 * @return leaves other clients alone
	 */
	static WeirClientCustomizer forClient(@Nullable String client, WeirClientCustomizer customizer) {
		Objects.requireNonNull(customizer, "customizer");
		return new WeirClientCustomizer() {

			@Override
			public boolean appliesTo(@Nullable String name) {
				return Objects.equals(client, name);
			}

			@Override
			public void customize(WeirClientBuilder builder) {
				customizer.customize(builder);
			}

		};
	}

}
