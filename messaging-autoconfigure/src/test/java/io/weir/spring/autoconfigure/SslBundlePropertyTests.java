package io.weir.spring.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.spring.autoconfigure.common.FailureAnalyses;

import static org.assertj.core.api.Assertions.assertThat;

class SslBundlePropertyTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, SslAutoConfiguration.class))
		.withPropertyValues("weir.client.ssl.bundle=mine");

	@Test
	void unknownSslBundleFailsNamingThoseThatThereAre() {
		ApplicationContextRunner withBundles = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, SslAutoConfiguration.class))
			.withPropertyValues("weir.client.ssl.bundle=nobody");
		withBundles
			.withPropertyValues("spring.ssl.bundle.pem.mine.truststore.certificate=x",
					"spring.ssl.bundle.pem.other.truststore.certificate=x")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.client.ssl.bundle", "nobody", "There are [mine, other]"));
		withBundles.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
			.contains("weir.client.ssl.bundle", "nobody", "spring.ssl.bundle"));
	}

	@Test
	void whatQuicCannotDoFailsNamingThePropertyAndWhatToPermit() {
		this.runner.withPropertyValues("spring.ssl.bundle.pem.mine.options.enabled-protocols=TLSv1.2")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.client.ssl.bundle", "mine", "enabled-protocols", "[TLSv1.2]", "[TLSv1.3]"));
		this.runner
			.withPropertyValues("spring.ssl.bundle.pem.mine.options.ciphers=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription()).contains(
					"weir.client.ssl.bundle", "mine", "ciphers", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
					"TLS_CHACHA20_POLY1305_SHA256"));
	}

	@Test
	void aBundleThatPermitsMoreThanQuicUsesIsFine() {
		this.runner
			.withPropertyValues("spring.ssl.bundle.pem.mine.options.enabled-protocols=TLSv1.3,TLSv1.2",
					"spring.ssl.bundle.pem.mine.options.ciphers=TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384,"
							+ "TLS_CHACHA20_POLY1305_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
