package io.weir.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Where the broker is and how to be let in. A bean of this type takes the place of what
 * {@code weir.client.*} says about it. For a client of {@code weir.clients} it has the
 * client's name as its {@code @Qualifier}, and {@code defaultCandidate = false} keeps it
 * from being taken for the default client's, too. Implementations must be safe for use by
 * several threads at once and must not block.
 */
public interface WeirConnectionDetails extends ConnectionDetails {

	/**
	 * The broker's address. Asked once, when the client is created.
	 * @return {@code weir://host[:port][,host[:port]…]}
	 */
	String getServiceUrl();

	/**
	 * The certificate to accept, whoever signed it. Asked at each attempt to connect, so
	 * that it can change.
	 * @return its SHA-256 in hex, or {@code null}
	 */
	default @Nullable String getFingerprint() {
		return null;
	}

	/**
	 * Whom to trust, unless {@link #getFingerprint} says it, and, if the bundle has a key
	 * store, the client's own certificate. Asked at each attempt to connect, so that a
	 * bundle can be reloaded.
	 * @return the bundle, or {@code null} for the JVM's trust store and no certificate
	 */
	default @Nullable SslBundle getSslBundle() {
		return null;
	}

	/**
	 * The credential.
	 * @return the token, or {@code null}
	 */
	default @Nullable String getToken() {
		return null;
	}

	/**
	 * Whether these are the details of the clients of {@code weir.clients}, too, and not
	 * of the default one alone: the broker of a test takes the place of all.
	 * @return {@code false} by default
	 */
	default boolean isForAllClients() {
		return false;
	}

	/**
	 * Whether to accept any certificate.
	 * @return {@code false} by default
	 */
	default boolean isInsecure() {
		return false;
	}

}
