package io.weir.transport.tls;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.util.Arrays;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts, and who it is itself. Safe to use from any thread and for many
 * connections.
 */
public final class ClientTls {

	private final ExplainingTrustManager trustManager;

	private final boolean checksHostName;

	private final boolean trustsAnybody;

	private final @Nullable KeyManagerFactory certificate;

	private ClientTls(X509ExtendedTrustManager trustManager, boolean checksHostName) {
		this(new ExplainingTrustManager(trustManager), checksHostName, trustManager instanceof InsecureTrustManager,
				null);
	}

	private ClientTls(ExplainingTrustManager trustManager, boolean checksHostName, boolean trustsAnybody,
			@Nullable KeyManagerFactory certificate) {
		this.trustManager = trustManager;
		this.checksHostName = checksHostName;
		this.trustsAnybody = trustsAnybody;
		this.certificate = certificate;
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
		return new ClientTls(first(trustManagers), true);
	}

	/**
	 * Trusts one certificate only, and that without any further check.
	 * @param sha256 the certificate's SHA-256 in hex, with or without colons
	 * @return the settings
	 * @throws IllegalArgumentException if that is not a fingerprint
	 */
	public static ClientTls pinned(String sha256) {
		return new ClientTls(new PinningTrustManager(Fingerprint.normalise(sha256)), false);
	}

	/**
	 * Trusts anybody: for development only.
	 * @return the settings
	 */
	public static ClientTls insecure() {
		return new ClientTls(new InsecureTrustManager(), false);
	}

	/**
	 * The same trust, with a certificate for servers that ask for the client's.
	 * @param certificate initialised, with a key and its certificate chain
	 * @return other settings
	 */
	public ClientTls withCertificate(KeyManagerFactory certificate) {
		return new ClientTls(this.trustManager, this.checksHostName, this.trustsAnybody, certificate);
	}

	private static X509ExtendedTrustManager first(TrustManagerFactory trustManagers) {
		return Arrays.stream(trustManagers.getTrustManagers())
			.filter(X509ExtendedTrustManager.class::isInstance)
			.map(X509ExtendedTrustManager.class::cast)
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("The trust manager factory has no X.509 trust manager"));
	}

	/**
	 * Decides whom to trust. A refusal says what to check, as {@link #refusal} has it.
	 * @return the trust manager, for a carrier to build its TLS context from
	 */
	public X509ExtendedTrustManager trustManager() {
		return this.trustManager;
	}

	/**
	 * Whether the certificate has to be for the host that was asked for (RFC 9525).
	 * @return whether a carrier turns on endpoint identification
	 */
	public boolean checksHostName() {
		return this.checksHostName;
	}

	/**
	 * Whether the server's certificate does not matter.
	 * @return whether these settings are {@link #insecure()}
	 */
	public boolean trustsAnybody() {
		return this.trustsAnybody;
	}

	/**
	 * The client's own certificate and key.
	 * @return key managers, or {@code null} if it has none
	 */
	public @Nullable KeyManagerFactory certificate() {
		return this.certificate;
	}

	/**
	 * Why a certificate was refused in a handshake, which TLS libraries keep to
	 * themselves.
	 * @param engine of the handshake
	 * @return the reason; {@code null} if it was not refused
	 */
	public static @Nullable CertificateException refusal(SSLEngine engine) {
		return ExplainingTrustManager.refusal(engine);
	}

}
