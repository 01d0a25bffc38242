package io.weir.sample.job;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class SamplePropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

	@ParameterizedTest
	@ValueSource(strings = { "PT-0.000000001S", "0s", "366d", "PT2562047788015215H30M7S" })
	void patienceThatNothingCanHoldIsRefusedByName(String patience) {
		this.runner.withPropertyValues("sample.patience=" + patience)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageMatching("sample.patience must be from 1ms to 365d, was PT.+"));
	}

	@Test
	void patienceMayBe365Days() {
		this.runner.withPropertyValues("sample.patience=365d")
			.run((context) -> assertThat(context.getBean(SampleProperties.class).patience()).hasDays(365));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(SampleProperties.class)
	static class Bound {

	}

}
