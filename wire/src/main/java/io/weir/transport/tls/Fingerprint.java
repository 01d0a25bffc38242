package io.weir.transport.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/** The SHA-256 of a certificate, as lower-case hex. */
final class Fingerprint {

	private static final int HEX_DIGITS = 64;

	private Fingerprint() {
	}

	static String of(X509Certificate certificate) throws CertificateEncodingException {
		return HexFormat.of().formatHex(sha256(certificate.getEncoded()));
	}

	/** Accepts upper case and the colons that other tools print. */
	static String normalise(String fingerprint) {
		String hex = fingerprint.replace(":", "").trim().toLowerCase(Locale.ROOT);
		if (hex.length() != HEX_DIGITS || !hex.chars().allMatch((c) -> Character.digit(c, 16) >= 0)) {
			throw new IllegalArgumentException("Not a certificate fingerprint: '" + fingerprint
					+ "'; expected the SHA-256 of the certificate, 64 hexadecimal digits with or without colons");
		}
		return hex;
	}

	private static byte[] sha256(byte[] bytes) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(bytes);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

}
