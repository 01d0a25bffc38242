package io.weir.transport;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import org.jspecify.annotations.Nullable;

import io.weir.wire.Limits;

/**
 * Whom a client trusts. TLS 1.3, which QUIC requires (RFC 9001). Safe to use from any
 * thread and for many connections.
 */
public final class ClientTls {

	private final QuicSslContext context;

	/**
	 * The endpoint identification algorithm turns on the check of the host name (RFC
	 * 9525).
	 */
	private ClientTls(X509ExtendedTrustManager trustManager, @Nullable String endpointIdentification) {
		this.context = QuicSslContextBuilder.forClient()
			.trustManager(new ExplainingTrustManager(trustManager))
			.endpointIdentificationAlgorithm(endpointIdentification)
			.applicationProtocols(Limits.ALPN)
			.earlyData(false)
			.build();
	}

	private ClientTls(QuicSslContext context) {
		this.context = context;
	}

	/** For tests of what happens with other settings. */
	static ClientTls of(QuicSslContext context) {
		return new ClientTls(context);
	}

	/**
	 * Trusts what the JVM trusts, with a check of the host name.
	 * @return the settings
	 */
	public static ClientTls jvmTrustStore() {
		try {
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init((KeyStore) null);
			return trust(factory);
		}
		catch (NoSuchAlgorithmException | KeyStoreException ex) {
			throw new IllegalStateException("The JVM's trust store cannot be read", ex);
		}
	}

	/**
	 * Trusts what the given trust managers trust, with a check of the host name.
	 * @param trustManagers initialised, with an {@link X509ExtendedTrustManager}
	 * @return the settings
	 * @throws IllegalArgumentException if there is no such trust manager
	 */
	public static ClientTls trust(TrustManagerFactory trustManagers) {
		return Arrays.stream(trustManagers.getTrustManagers())
			.filter(X509ExtendedTrustManager.class::isInstance)
			.map(X509ExtendedTrustManager.class::cast)
			.findFirst()
			.map((trustManager) -> new ClientTls(trustManager, "HTTPS"))
			.orElseThrow(() -> new IllegalArgumentException("The trust manager factory has no X.509 trust manager"));
	}

	/**
	 * Trusts one certificate only, and that without any further check.
	 * @param sha256 the certificate's SHA-256 in hex, with or without colons
	 * @return the settings
	 * @throws IllegalArgumentException if that is not a fingerprint
	 */
	public static ClientTls pinned(String sha256) {
		return new ClientTls(new PinningTrustManager(Fingerprint.normalise(sha256)), null);
	}

	/**
	 * Trusts anybody: for development only.
	 * @return the settings
	 */
	public static ClientTls insecure() {
		return new ClientTls(QuicSslContextBuilder.forClient()
			.trustManager(InsecureTrustManagerFactory.INSTANCE)
			.endpointIdentificationAlgorithm(null)
			.applicationProtocols(Limits.ALPN)
			.earlyData(false)
			.build());
	}

	QuicSslEngine newEngine(ByteBufAllocator allocator, @Nullable String host, int port) {
		return (host != null) ? this.context.newEngine(allocator, host, port) : this.context.newEngine(allocator);
	}

}
