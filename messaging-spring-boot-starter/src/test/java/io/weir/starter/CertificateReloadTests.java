package io.weir.starter;

import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.WeirConnectionDetails;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The SSL bundle of a broker is reloaded while it works. */
@ExtendWith(OutputCaptureExtension.class)
class CertificateReloadTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int MESSAGES = 500;

	private final ServerTls first = ServerTls.selfSigned();

	private final ServerTls second = ServerTls.selfSigned();

	private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("mine", bundle(this.first));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withBean(DefaultSslBundleRegistry.class, () -> this.bundles)
		.withPropertyValues("weir.embedded.enabled=true", "weir.broker.ssl.bundle=mine");

	@Test
	void aCertificateReloadedUnderTrafficIsShownToNewClientsAndLosesNoMessage() {
		this.runner.run((context) -> {
			Broker broker = context.getBean(Broker.class);
			assertThat(broker.certificateFingerprint()).isEqualTo(this.first.fingerprint());
			AtomicInteger sent = new AtomicInteger();
			Thread sender = new Thread(() -> {
				for (int i = 0; i < MESSAGES; i++) {
					context.getBean(WeirTemplate.class).send("orders", "" + i);
					sent.incrementAndGet();
				}
			});
			sender.start();
			await().atMost(PATIENCE).until(() -> sent.get() > MESSAGES / 10);
			this.bundles.updateBundle("mine", bundle(this.second));
			connect(broker, this.second.fingerprint());
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> connect(broker, this.first.fingerprint()))
				.satisfies((refusal) -> assertThat(refusal.code()).isEqualTo(ErrorCode.UNTRUSTED_CERTIFICATE));
			sender.join(PATIENCE.toMillis());
			Queue<String> received = context.getBean(Application.class).received;
			await().atMost(PATIENCE).until(() -> received.size() >= MESSAGES);
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < MESSAGES; i++) {
				expected.add("" + i);
			}
			assertThat(received).containsExactlyInAnyOrderElementsOf(expected);
		});
	}

	/** Its own client knows the broker's certificate whatever becomes of it. */
	@Test
	void theApplicationsOwnClientConnectsAgainToABrokerWithAReloadedCertificate() {
		this.runner.run((context) -> {
			this.bundles.updateBundle("mine", bundle(this.second));
			assertThat(context.getBean(WeirConnectionDetails.class).getFingerprint())
				.isEqualTo(this.second.fingerprint());
		});
	}

	@Test
	void aReloadedCertificateThatCannotBeUsedLeavesThePresentOneAndIsLogged(CapturedOutput output) {
		this.runner.run((context) -> {
			this.bundles.updateBundle("mine", SslBundle.of(SslStoreBundle.NONE));
			assertThat(output).contains("weir.broker.ssl.bundle", "keeps the certificate");
			Broker broker = context.getBean(Broker.class);
			assertThat(broker.certificateFingerprint()).isEqualTo(this.first.fingerprint());
			connect(broker, this.first.fingerprint());
		});
	}

	private static void connect(Broker broker, String fingerprint) {
		try (WeirClient client = WeirClient.builder()
			.serviceUrl(broker.serviceUrl())
			.fingerprint(fingerprint)
			.build()) {
			client.connected().toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			throw WeirException.from(ex);
		}
	}

	private static SslBundle bundle(ServerTls certificate) {
		try {
			KeyStore keys = KeyStore.getInstance("PKCS12");
			keys.load(null, null);
			keys.setKeyEntry("broker", certificate.key(), "secret".toCharArray(), certificate.chain());
			return SslBundle.of(SslStoreBundle.of(keys, "secret", null));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		final Queue<String> received = new ConcurrentLinkedQueue<>();

		@WeirListener(topics = "orders", subscription = "audit")
		void onOrder(String order) {
			this.received.add(order);
		}

	}

}
