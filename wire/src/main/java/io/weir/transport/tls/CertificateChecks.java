package io.weir.transport.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Instant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * What is wrong with a server's certificate, said at start: clients that refuse it could
 * say no more than that.
 */
final class CertificateChecks {

	private static final Logger logger = LoggerFactory.getLogger(CertificateChecks.class);

	private static final byte[] SIGNED = { 'w', 'e', 'i', 'r' };

	private CertificateChecks() {
	}

	/**
	 * Checks by a signature that a key belongs to a certificate.
	 * @throws ProtocolException {@link ErrorCode#INVALID_CONFIGURATION} if it does not
	 */
	static void requirePair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
		Signature signature = Signature
			.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
		signature.initSign(key);
		signature.update(SIGNED);
		if (!isSignedFor(certificate.getPublicKey(), signature.getAlgorithm(), signature.sign())) {
			throw new ProtocolException(ErrorCode.INVALID_CONFIGURATION,
					"The server's private key, of type " + key.getAlgorithm() + ", does not belong to its certificate '"
							+ certificate.getSubjectX500Principal()
							+ "'; configure the key that the certificate was made for");
		}
	}

	private static boolean isSignedFor(PublicKey key, String algorithm, byte[] signed) throws GeneralSecurityException {
		Signature verification = Signature.getInstance(algorithm);
		try {
			verification.initVerify(key);
			verification.update(SIGNED);
			return verification.verify(signed);
		}
		catch (InvalidKeyException | SignatureException ex) {
			return false;
		}
	}

	/** Warns of each certificate that is not valid now. */
	static void warnUnlessValid(X509Certificate[] chain, Instant now) {
		for (X509Certificate certificate : chain) {
			Instant from = certificate.getNotBefore().toInstant();
			Instant until = certificate.getNotAfter().toInstant();
			if (now.isAfter(until)) {
				logger.warn("The certificate '{}' expired at {}: clients refuse it, unless they pin its fingerprint",
						certificate.getSubjectX500Principal(), until);
			}
			else if (now.isBefore(from)) {
				logger.warn("The certificate '{}' is valid from {} only: clients refuse it until then, unless they pin "
						+ "its fingerprint", certificate.getSubjectX500Principal(), from);
			}
		}
	}

}
