package io.weir.client.internal.connection;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where the broker is: {@code weir://host[:port][,host[:port]…]}, or, in this JVM, what
 * begins with {@code vm://}.
 *
 * @param text the URL as configured
 * @param addresses its addresses, at least one, in the order given
 */
public record ServiceUrl(String text, List<BrokerAddress> addresses) {

	private static final String SCHEME = "weir://";

	private static final String IN_PROCESS = "vm://";

	public ServiceUrl {
		addresses = List.copyOf(addresses);
	}

	/**
	 * Reads a service URL.
	 * @param text the URL
	 * @return its parts
	 * @throws IllegalArgumentException saying what is wrong and what is allowed
	 */
	public static ServiceUrl parse(String text) {
		String scheme = text.startsWith(IN_PROCESS) ? IN_PROCESS : SCHEME;
		if (!text.startsWith(scheme)) {
			throw wrong(text, "it begins with neither " + SCHEME + " nor " + IN_PROCESS);
		}
		List<BrokerAddress> addresses = new ArrayList<>();
		for (String address : text.substring(scheme.length()).split(",", -1)) {
			try {
				addresses.add(BrokerAddress.parse(address));
			}
			catch (IllegalArgumentException ex) {
				throw wrong(text, ex.getMessage());
			}
		}
		return new ServiceUrl(text, addresses);
	}

	/**
	 * Whether the broker is in this JVM.
	 * @return whether no network is used
	 */
	public boolean inProcess() {
		return this.text.startsWith(IN_PROCESS);
	}

	private static IllegalArgumentException wrong(String text, @Nullable String why) {
		return new IllegalArgumentException("Service URL '" + text + "' is not allowed: " + why
				+ ". Expected weir://host[:port][,host[:port]…], such as weir://localhost:7750 or weir://[::1]:7750; "
				+ "or vm://…, as a broker in this JVM says that it has");
	}

	@Override
	public String toString() {
		return this.text;
	}

}
