package io.weir.transport.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * A server's certificate and key. Safe to use from any thread.
 */
public final class ServerTls {

	/** In the order of preference; both are what TLS 1.3 peers are sure to know. */
	private static final String[] KEY_TYPES = { "EC", "RSA" };

	private final Supplier<Identity> maker;

	private final boolean selfSigned;

	private @Nullable Identity made;

	private ServerTls(Supplier<Identity> maker, boolean selfSigned) {
		this.maker = maker;
		this.selfSigned = selfSigned;
	}

	private ServerTls(Identity identity, boolean selfSigned) {
		this(() -> identity, selfSigned);
	}

	private synchronized Identity identity() {
		if (this.made == null) {
			this.made = this.maker.get();
		}
		return this.made;
	}

	/**
	 * A configured certificate.
	 * @param keyManagers initialised, with at least one key and its certificate chain
	 * @return the settings
	 * @throws ProtocolException {@link ErrorCode#INVALID_CONFIGURATION} if there is none,
	 * or the key does not belong to the certificate; one that is out of date is only
	 * warned of, since clients may pin it
	 */
	public static ServerTls of(KeyManagerFactory keyManagers) {
		X509ExtendedKeyManager manager = Arrays.stream(keyManagers.getKeyManagers())
			.filter(X509ExtendedKeyManager.class::isInstance)
			.map(X509ExtendedKeyManager.class::cast)
			.findFirst()
			.orElseThrow(() -> noKey(null));
		for (String keyType : KEY_TYPES) {
			String alias = manager.chooseEngineServerAlias(keyType, null, null);
			if (alias != null) {
				try {
					return of(manager.getPrivateKey(alias), manager.getCertificateChain(alias));
				}
				catch (GeneralSecurityException ex) {
					throw noKey(ex);
				}
			}
		}
		throw noKey(null);
	}

	/** A key manager may have one of the two only, if they are of different types. */
	private static ServerTls of(@Nullable PrivateKey key, X509Certificate @Nullable [] chain)
			throws GeneralSecurityException {
		if (key == null || chain == null || chain.length == 0) {
			throw noKey(null);
		}
		return new ServerTls(Identity.of(key, chain), false);
	}

	/**
	 * A new self-signed certificate for {@code localhost}, for development.
	 * @return the settings
	 */
	public static ServerTls selfSigned() {
		return new ServerTls(identity(SelfSignedCertificate.generate()), true);
	}

	/**
	 * A new self-signed certificate that is only made when somebody asks for it: for a
	 * carrier whose clients rarely do, since making the first of a JVM takes a while.
	 * @return the settings
	 */
	public static ServerTls selfSignedWhenNeeded() {
		return new ServerTls(() -> identity(SelfSignedCertificate.generate()), true);
	}

	/**
	 * A self-signed certificate for {@code localhost} that is kept in a directory, so
	 * that clients that pin it can find the server again after a restart.
	 * @param directory exists; key and certificate are written to it at the first time,
	 * readable by the owner only
	 * @return the settings
	 * @throws ProtocolException {@link ErrorCode#INVALID_CONFIGURATION} if the files
	 * cannot be read or written
	 */
	public static ServerTls selfSigned(Path directory) {
		return new ServerTls(identity(SelfSignedCertificate.in(directory)), true);
	}

	private static Identity identity(SelfSignedCertificate certificate) {
		try {
			return Identity.of(certificate.key(), new X509Certificate[] { certificate.certificate() });
		}
		catch (GeneralSecurityException ex) {
			throw noKey(ex);
		}
	}

	private static ProtocolException noKey(@Nullable Throwable cause) {
		return new ProtocolException(ErrorCode.INVALID_CONFIGURATION, "The server needs a private key, of the type "
				+ String.join(" or ", KEY_TYPES) + ", with the certificate that belongs to it", cause);
	}

	/**
	 * The SHA-256 of the certificate.
	 * @return lower-case hex digits
	 */
	public String fingerprint() {
		return identity().fingerprint;
	}

	/**
	 * Whether the certificate was made here.
	 * @return whether it is self-signed
	 */
	public boolean isSelfSigned() {
		return this.selfSigned;
	}

	/**
	 * The private key.
	 * @return the key, for a carrier to build its TLS context from
	 */
	public PrivateKey key() {
		return identity().key;
	}

	/**
	 * The certificate that belongs to the key, and those of its issuers.
	 * @return the chain, the server's own certificate first
	 */
	public X509Certificate[] chain() {
		return identity().chain.clone();
	}

	/** Who the server is. */
	private static final class Identity {

		private final PrivateKey key;

		private final X509Certificate[] chain;

		private final String fingerprint;

		private Identity(PrivateKey key, X509Certificate[] chain, String fingerprint) {
			this.key = key;
			this.chain = chain.clone();
			this.fingerprint = fingerprint;
		}

		static Identity of(PrivateKey key, X509Certificate[] chain) throws GeneralSecurityException {
			CertificateChecks.requirePair(key, chain[0]);
			CertificateChecks.warnUnlessValid(chain, Instant.now());
			return new Identity(key, chain, Fingerprint.of(chain[0]));
		}

	}

}
