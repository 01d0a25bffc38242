package io.weir.spring.autoconfigure;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.weir.spring.WeirClients;

/**
 * Keeps an application from starting when a property names a client that is not there.
 */
final class ClientNames extends StartupCheck {

	private final WeirProperties properties;

	private final WeirClients clients;

	ClientNames(WeirProperties properties, WeirClients clients) {
		this.properties = properties;
		this.clients = clients;
	}

	@Override
	void check() {
		this.properties.producers().forEach((name, entry) -> require("producers", name, entry.client(), this.clients));
		this.properties.consumers().forEach((name, entry) -> require("consumers", name, entry.client(), this.clients));
	}

	/**
	 * Checks what an entry says of its client.
	 * @param client the name of a client; {@code null} for the default one
	 */
	static void require(String group, String entry, @Nullable String client, WeirClients clients) {
		Set<String> names = clients.further().keySet();
		if (client != null && !names.contains(client)) {
			throw new InvalidConfigurationPropertyValueException(
					"weir." + PropertyRules.entry(group, entry) + ".client", client,
					"There is no client of this name; there are " + names + ".");
		}
	}

}
