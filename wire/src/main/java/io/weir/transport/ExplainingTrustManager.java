package io.weir.transport;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Remembers why a certificate was last refused: the TLS library reports that it was, but
 * not why.
 */
final class ExplainingTrustManager extends X509ExtendedTrustManager {

	private final X509ExtendedTrustManager delegate;

	private volatile @Nullable CertificateException lastRefusal;

	ExplainingTrustManager(X509ExtendedTrustManager delegate) {
		this.delegate = delegate;
	}

	@Nullable CertificateException lastRefusal() {
		return this.lastRefusal;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		explaining(() -> this.delegate.checkServerTrusted(chain, authType));
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		explaining(() -> this.delegate.checkServerTrusted(chain, authType, socket));
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		explaining(() -> this.delegate.checkServerTrusted(chain, authType, engine));
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

	private void explaining(Check check) throws CertificateException {
		try {
			check.run();
		}
		catch (CertificateException ex) {
			this.lastRefusal = ex;
			throw ex;
		}
	}

	@FunctionalInterface
	private interface Check {

		void run() throws CertificateException;

	}

}
