package io.weir.broker.security;

import java.net.SocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * By what a client wants to be known.
 *
 * @param clientName what it calls itself, which proves nothing
 * @param token the token that it shows, or {@code null}
 * @param address where it comes from; behind NAT or a proxy, not the client's own
 */
public record Credentials(String clientName, @Nullable String token, SocketAddress address) {

	/** Without the token, which is a secret. */
	@Override
	public String toString() {
		return "Credentials[clientName=" + this.clientName + ", token=" + ((this.token != null) ? "***" : "none")
				+ ", address=" + this.address + "]";
	}

}
