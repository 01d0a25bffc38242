package io.weir.transport.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** Trusts the one certificate with the given fingerprint, whatever its name or dates. */
final class PinningTrustManager extends ServerTrustManager {

	private final String expected;

	PinningTrustManager(String expected) {
		this.expected = expected;
	}

	@Override
	void check(X509Certificate[] chain) throws CertificateException {
		String actual = Fingerprint.of(chain[0]);
		if (!actual.equals(this.expected)) {
			throw new CertificateException(
					"The broker's certificate has the fingerprint " + actual + ", expected " + this.expected);
		}
	}

}
