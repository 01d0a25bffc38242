package io.weir.spring;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.client.ConsumerBuilder;

/**
 * Changes consumers before they subscribe: those of {@code weir.consumers} and those of
 * listeners. Beans of this type are applied in order, after the properties.
 */
@FunctionalInterface
public interface ConsumerCustomizer extends ClientSpecific {

	/**
	 * Changes a consumer.
	 * @param topic the topic that it reads
	 * @param builder what to change
	 */
	void customize(String topic, ConsumerBuilder<?> builder);

	/**
	 * Limits a customizer to the consumers of one client.
	 * @param client the client's name, as {@link WeirClients} knows it; {@code null} for
	 * the default client
	 * @param customizer what is to be done with its consumers
	 * @return leaves those of other clients alone
	 */
	static ConsumerCustomizer forClient(@Nullable String client, ConsumerCustomizer customizer) {
		Objects.requireNonNull(customizer, "customizer");
		return new ConsumerCustomizer() {

			@Override
			public boolean appliesTo(@Nullable String name) {
				return Objects.equals(client, name);
			}

			@Override
			public void customize(String topic, ConsumerBuilder<?> builder) {
				customizer.customize(topic, builder);
			}

		};
	}

}
