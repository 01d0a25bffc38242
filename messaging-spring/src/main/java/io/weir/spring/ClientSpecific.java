package io.weir.spring;

import org.jspecify.annotations.Nullable;

/**
 * What may hold for some of the clients of an application only. Safe to use from any
 * thread.
 */
public interface ClientSpecific {

	/**
	 * Whether this holds for a client, and what it makes. Asked when that is made.
	 * @param client the client's name, as {@link WeirClients} knows it; {@code null} for
	 * the default client
	 * @return {@code true} unless it is overridden: for all clients
	 */
	default boolean appliesTo(@Nullable String client) {
		return true;
	}

}
