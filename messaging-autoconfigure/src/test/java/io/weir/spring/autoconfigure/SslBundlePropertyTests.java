package io.weir.spring.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.spring.autoconfigure.common.FailureAnalyses;

import static org.assertj.core.api.Assertions.assertThat;

class SslBundlePropertyTests {

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

}
