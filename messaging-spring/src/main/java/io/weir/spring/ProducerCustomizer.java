package io.weir.spring;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.client.ProducerBuilder;

/**
 * Changes producers before they are created: those of {@code weir.producers} and those of
 * the template. Beans of this type are applied in order, after the properties.
 */
@FunctionalInterface
public interface ProducerCustomizer extends ClientSpecific {

	/**
	 * Changes a producer.
	 * @param topic the topic that it publishes to
	 * @param builder what to change
	 */
	void customize(String topic, ProducerBuilder<?> builder);

	/**
	 * Limits a customizer to the producers of one client.
	 * @param client the client's name, as {@link WeirClients} knows it; {@code null} for
	 * the default client
	 * @param customizer what is to be done with its producers
	 * @return leaves those of other clients alone
	 */
	static ProducerCustomizer forClient(@Nullable String client, ProducerCustomizer customizer) {
		Objects.requireNonNull(customizer, "customizer");
		return new ProducerCustomizer() {

			@Override
			public boolean appliesTo(@Nullable String name) {
				return Objects.equals(client, name);
			}

			@Override
			public void customize(String topic, ProducerBuilder<?> builder) {
				customizer.customize(topic, builder);
			}

		};
	}

}
