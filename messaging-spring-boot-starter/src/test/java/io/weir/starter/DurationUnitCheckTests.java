package io.weir.starter;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.weir.spring.autoconfigure.WeirProperties;
import io.weir.spring.autoconfigure.broker.WeirBrokerProperties;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.common.WeirPropertyNamesAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class DurationUnitCheckTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirPropertyNamesAutoConfiguration.class))
		.withUserConfiguration(Bound.class)
		.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String");

	@ParameterizedTest
	@CsvSource({ "weir.client.connect-timeout, 5", "weir.client.pool.maxIdleTime, 30",
			"weir.client.heartbeat.interval, +1", "weir.producer.batch.linger, 1",
			"weir.producers.orders.send-timeout, 10", "weir.consumer.retry.backoff.initial, 1",
			"weir.listener.shutdown-timeout, ${seconds}", "weir.broker.limits.connect-timeout, 5" })
	void durationWithoutAUnitFailsNamingKeyValueAndExamples(String key, String value) {
		this.runner.withPropertyValues("seconds=5", key + "=" + value).run((context) -> {
			String description = FailureAnalyses.of(context.getStartupFailure()).getDescription();
			String number = value.startsWith("$") ? "5" : value;
			assertThat(description).containsIgnoringCase(key.replace("maxIdleTime", "max-idle-time"))
				.contains(value, "'" + number + "' has no unit", number + "s");
		});
	}

	@Test
	void numbersAndEnvironmentVariablesNeedAUnitToo() {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("yaml", Map.of("weir.client.connect-timeout", 5))))
			.run((context) -> assertThat(context).hasFailed());
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("WEIR_CLIENT_CONNECT_TIMEOUT", "5"))))
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void unitsAndZeroAndDurationsOfOthersPass() {
		this.runner
			.withPropertyValues("weir.client.connect-timeout=7s", "weir.client.pool.max-idle-time=PT1M",
					"weir.consumer.ack-timeout=0", "weir.client.pool.borrow-timeout=250ms", "other.timeout=5")
			.run((context) -> {
				WeirProperties properties = context.getBean(WeirProperties.class);
				assertThat(properties.client().connectTimeout()).isEqualTo(Duration.ofSeconds(7));
				assertThat(properties.client().pool().maxIdleTime()).isEqualTo(Duration.ofMinutes(1));
				assertThat(properties.consumer().ackTimeout()).isZero();
				assertThat(context.getBean(Other.class).timeout()).isEqualTo(Duration.ofMillis(5));
			});
	}

	@ConfigurationProperties("other")
	record Other(Duration timeout) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties({ WeirProperties.class, WeirBrokerProperties.class, Other.class })
	static class Bound {

	}

}
