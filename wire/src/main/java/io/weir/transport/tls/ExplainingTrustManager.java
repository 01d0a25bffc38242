package io.weir.transport.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Remembers, in the session of the handshake that it was, why a certificate was refused:
 * the TLS library reports that it was, but not why.
 */
final class ExplainingTrustManager extends X509ExtendedTrustManager {

	private static final String REFUSAL = ExplainingTrustManager.class.getName();

	private final X509ExtendedTrustManager delegate;

	ExplainingTrustManager(X509ExtendedTrustManager delegate) {
		this.delegate = delegate;
	}

	/** Why the certificate was refused in a handshake, if it was. */
	static @Nullable CertificateException refusal(SSLEngine engine) {
		return (CertificateException) engine.getSession().getValue(REFUSAL);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.delegate.checkServerTrusted(chain, authType);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		this.delegate.checkServerTrusted(chain, authType, socket);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		try {
			this.delegate.checkServerTrusted(chain, authType, engine);
		}
		catch (CertificateException ex) {
			CertificateException explained = CertificateAdvice.explain(ex, chain);
			engine.getSession().putValue(REFUSAL, explained);
			throw explained;
		}
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.delegate.checkClientTrusted(chain, authType);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		this.delegate.checkClientTrusted(chain, authType, socket);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		this.delegate.checkClientTrusted(chain, authType, engine);
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.delegate.getAcceptedIssuers();
	}

}
