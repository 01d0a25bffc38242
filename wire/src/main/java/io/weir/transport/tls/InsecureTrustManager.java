package io.weir.transport.tls;

import java.security.cert.X509Certificate;

/** Trusts anybody. */
final class InsecureTrustManager extends ServerTrustManager {

	@Override
	void check(X509Certificate[] chain) {
		// Whoever it is.
	}

}
