package io.weir.transport.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.weir.concurrent.Causes;

/** Says why a certificate was refused in words that tell what to check. */
final class CertificateAdvice {

	/** How the JDK begins when the name is wrong, for which it has no exception. */
	private static final List<String> WRONG_NAME = List.of("No subject alternative", "No name matching");

	private CertificateAdvice() {
	}

	/**
	 * Explains a refusal.
	 * @param refusal what the trust manager said
	 * @param chain the peer's certificates, its own first
	 * @return the same with advice
	 */
	static CertificateException explain(CertificateException refusal, X509Certificate[] chain) {
		String advice = advice(refusal, chain[0]);
		return (advice != null) ? new CertificateException(advice, refusal) : refusal;
	}

	private static @Nullable String advice(CertificateException refusal, X509Certificate certificate) {
		if (Causes.find(refusal, CertificateExpiredException.class) != null) {
			return "it, or an issuer of it, has expired (its own last day is " + certificate.getNotAfter()
					+ "); renew it, or check the clock of this machine";
		}
		if (Causes.find(refusal, CertificateNotYetValidException.class) != null) {
			return "it, or an issuer of it, is not valid yet (its own first day is " + certificate.getNotBefore()
					+ "); check the clocks of this machine and of the broker's";
		}
		if (Causes.find(refusal, CertPathBuilderException.class) != null) {
			return "nobody who is trusted here has issued it; its issuer is " + certificate.getIssuerX500Principal()
					+ ": trust that, or for a self-signed certificate in development its fingerprint";
		}
		String message = String.valueOf(refusal.getMessage());
		if (WRONG_NAME.stream().anyMatch(message::startsWith)) {
			return "it is for another host: " + message + "; it is good for " + names(certificate)
					+ ": connect by such a name";
		}
		return null;
	}

	private static String names(X509Certificate certificate) {
		try {
			Collection<List<?>> names = certificate.getSubjectAlternativeNames();
			return (names != null)
					? names.stream().map((name) -> String.valueOf(name.get(1))).collect(Collectors.joining(", "))
					: certificate.getSubjectX500Principal().toString();
		}
		catch (CertificateParsingException ex) {
			return "names that cannot be read";
		}
	}

}
