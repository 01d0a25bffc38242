package io.weir.transport.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

import javax.net.ssl.KeyManagerFactory;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A server finds out what is wrong with its certificate before a client does. */
class ServerTlsTest {

	private static final char[] PASSWORD = "changeit".toCharArray();

	private static final Instant NOW = Instant.now();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		((Logger) LoggerFactory.getLogger(CertificateChecks.class)).addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		((Logger) LoggerFactory.getLogger(CertificateChecks.class)).detachAppender(this.log);
	}

	@Test
	void keyOfAnotherCertificateIsRefused() throws Exception {
		for (CertificateBuilder.Algorithm other : new CertificateBuilder.Algorithm[] {
				CertificateBuilder.Algorithm.ecp256, CertificateBuilder.Algorithm.rsa2048 }) {
			X509Bundle certificate = certificate(CertificateBuilder.Algorithm.ecp256, NOW, NOW);
			PrivateKey key = certificate(other, NOW, NOW).getKeyPair().getPrivate();
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> ServerTls.of(keys(key, certificate.getCertificate())))
				.withMessageContaining("certificate")
				.withMessageContaining("belong")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
		}
	}

	@Test
	void certificateThatIsValidIsTakenWithoutAWord() throws Exception {
		for (CertificateBuilder.Algorithm algorithm : new CertificateBuilder.Algorithm[] {
				CertificateBuilder.Algorithm.ecp256, CertificateBuilder.Algorithm.rsa2048 }) {
			ServerTls.of(keys(certificate(algorithm, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)))));
		}
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void certificateThatHasExpiredIsWarnedOf() throws Exception {
		ServerTls.of(keys(certificate(CertificateBuilder.Algorithm.ecp256, NOW.minus(Duration.ofDays(2)),
				NOW.minus(Duration.ofDays(1)))));
		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("CN=test", "expired at"));
	}

	@Test
	void certificateThatIsNotValidYetIsWarnedOf() throws Exception {
		ServerTls.of(keys(certificate(CertificateBuilder.Algorithm.ecp256, NOW.plus(Duration.ofDays(1)),
				NOW.plus(Duration.ofDays(2)))));
		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("CN=test", "is valid from"));
	}

	private static X509Bundle certificate(CertificateBuilder.Algorithm algorithm, Instant from, Instant until)
			throws Exception {
		return new CertificateBuilder().algorithm(algorithm)
			.subject("CN=test")
			.notBefore(from)
			.notAfter(until)
			.setIsCertificateAuthority(true)
			.buildSelfSigned();
	}

	private static KeyManagerFactory keys(X509Bundle bundle) throws Exception {
		return keys(bundle.getKeyPair().getPrivate(), bundle.getCertificate());
	}

	private static KeyManagerFactory keys(PrivateKey key, X509Certificate certificate) {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setKeyEntry("key", key, PASSWORD, new X509Certificate[] { certificate });
			KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
			factory.init(store, PASSWORD);
			return factory;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
