package io.weir.transport.tls;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A certificate for development, made here and perhaps kept as PEM files. */
record SelfSignedCertificate(PrivateKey key, X509Certificate certificate) {

	private static final String CERTIFICATE_FILE = "development-certificate.pem";

	private static final String KEY_FILE = "development-key.pem";

	private static final Duration VALIDITY = Duration.ofDays(3650);

	private static final int SERIAL_BITS = 126;

	private static final X500Name SUBJECT = new X500Name("CN=localhost,O=Weir development");

	private static final GeneralNames NAMES = new GeneralNames(new GeneralName[] {
			new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
			new GeneralName(GeneralName.iPAddress, "::1") });

	static SelfSignedCertificate generate() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec("secp256r1"));
			KeyPair keys = generator.generateKeyPair();
			return new SelfSignedCertificate(keys.getPrivate(), certificate(keys));
		}
		catch (IOException | GeneralSecurityException | OperatorCreationException ex) {
			throw new ProtocolException(ErrorCode.INTERNAL, "A self-signed certificate could not be made", ex);
		}
	}

	private static X509Certificate certificate(KeyPair keys)
			throws IOException, GeneralSecurityException, OperatorCreationException {
		Instant now = Instant.now();
		X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(SUBJECT,
				new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS),
				Date.from(now.minus(Duration.ofDays(1))), Date.from(now.plus(VALIDITY)), SUBJECT, keys.getPublic());
		builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
		builder.addExtension(Extension.subjectAlternativeName, false, NAMES);
		return new JcaX509CertificateConverter()
			.getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
	}

	static SelfSignedCertificate in(Path directory) {
		Path certificate = directory.resolve(CERTIFICATE_FILE);
		Path key = directory.resolve(KEY_FILE);
		try {
			if (!Files.exists(certificate) || !Files.exists(key)) {
				SelfSignedCertificate made = generate();
				PrivateFile.write(key, pem("PRIVATE KEY", made.key().getEncoded()));
				PrivateFile.write(certificate, pem("CERTIFICATE", made.certificate().getEncoded()));
			}
			return read(key, certificate);
		}
		catch (IOException | GeneralSecurityException | IllegalArgumentException ex) {
			throw new ProtocolException(ErrorCode.INVALID_CONFIGURATION, "The development certificate in " + directory
					+ " cannot be read or written; delete " + CERTIFICATE_FILE + " to have a new one made", ex);
		}
	}

	private static byte[] pem(String type, byte[] content) {
		String base64 = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		return ("-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n")
			.getBytes(StandardCharsets.US_ASCII);
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
