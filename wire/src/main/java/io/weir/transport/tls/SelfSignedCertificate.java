package io.weir.transport.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A certificate for development, made here and perhaps kept as PEM files. */
record SelfSignedCertificate(PrivateKey key, X509Certificate certificate) {

	private static final String CERTIFICATE_FILE = "development-certificate.pem";

	private static final String KEY_FILE = "development-key.pem";

	private static final Duration VALIDITY = Duration.ofDays(3650);

	static SelfSignedCertificate generate() {
		X509Bundle bundle = bundle();
		return new SelfSignedCertificate(bundle.getKeyPair().getPrivate(), bundle.getCertificate());
	}

	static SelfSignedCertificate in(Path directory) {
		Path certificate = directory.resolve(CERTIFICATE_FILE);
		Path key = directory.resolve(KEY_FILE);
		try {
			if (!Files.exists(certificate) || !Files.exists(key)) {
				X509Bundle bundle = bundle();
				PrivateFile.write(key, bundle.getPrivateKeyPEM().getBytes(StandardCharsets.US_ASCII));
				PrivateFile.write(certificate, bundle.getCertificatePEM().getBytes(StandardCharsets.US_ASCII));
			}
			return read(key, certificate);
		}
		catch (IOException | GeneralSecurityException | IllegalArgumentException ex) {
			throw new ProtocolException(ErrorCode.INVALID_CONFIGURATION, "The development certificate in " + directory
					+ " cannot be read or written; delete " + CERTIFICATE_FILE + " to have a new one made", ex);
		}
	}

	private static X509Bundle bundle() {
		try {
			return new CertificateBuilder().ecp256()
				.subject("CN=localhost,O=Weir development")
				.addSanDnsName("localhost")
				.addSanIpAddress("127.0.0.1")
				.addSanIpAddress("::1")
				.setIsCertificateAuthority(true)
				.notBefore(Instant.now().minus(Duration.ofDays(1)))
				.notAfter(Instant.now().plus(VALIDITY))
				.buildSelfSigned();
		}
		catch (Exception ex) {
			throw new ProtocolException(ErrorCode.INTERNAL, "A self-signed certificate could not be made", ex);
		}
	}

	private static SelfSignedCertificate read(Path key, Path certificate) throws IOException, GeneralSecurityException {
		String base64 = Files.readString(key).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
		PrivateKey privateKey = KeyFactory.getInstance("EC")
			.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
		try (InputStream in = Files.newInputStream(certificate)) {
			return new SelfSignedCertificate(privateKey,
					(X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
		}
	}

}
