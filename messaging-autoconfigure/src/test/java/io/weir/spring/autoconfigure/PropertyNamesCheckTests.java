package io.weir.spring.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.common.WeirPropertyNamesAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class PropertyNamesCheckTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirPropertyNamesAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "weir.client.servce-url, weir.client.service-url", "weir.cleint.connections, weir.client.connections",
			"weir.producer.batch.max-byte, weir.producer.batch.max-bytes",
			"weir.producers.orders.tpye, weir.producers.orders.type",
			"weir.producers.orders.acces-mode, weir.producers.orders.access-mode",
			"weir.producers.orders.batch.lingr, weir.producers.orders.batch.linger",
			"weir.consumers.audit.subscriptiontyp, weir.consumers.audit.subscription-type",
			"weir.consumer.ack-timout, weir.consumer.ack-timeout",
			"weir.listeners.audit.concurency, weir.listeners.audit.concurrency",
			"weir.listeners.audit.dead-leter.topic, weir.listeners.audit.dead-letter.topic",
			"weir.consumers.audit.retry.backof.max, weir.consumers.audit.retry.backoff.max" })
	void unknownNamesFailNamingThemAndTheNearest(String name, String nearest) {
		this.runner.withPropertyValues(name + "=oops").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription()).contains(name)
				.contains("oops")
				.contains("Nearest: " + nearest);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "weir.client.service-url", "weir.client.serviceUrl", "weir.client.service_url",
			"WEIR.CLIENT.SERVICEURL", "weir.producers.orders.type", "weir.producers[My Orders].batch.maxBytes",
			"weir.consumers.audit.initial-position", "weir.consumers.audit.receiver-queue-size", "weird.name",
			"weir.consumers.audit.dead-letter.topic", "weir.consumers.audit.retry.backoff.multiplier",
			"weir.producers.orders.name", "weir.producers.orders.access-mode", "weir.producers.orders.lanes",
			"weir.consumers.audit.acknowledgement-delay", "weir.listeners.audit.error-handler",
			"weir.listeners.audit.shutdown-timeout", "weir.listeners.audit.retry.backoff.max", "other.weir.name" })
	void knownNamesPassInEveryForm(String name) {
		this.runner.withPropertyValues(name + "=fine").run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void environmentVariablesAreLeftAlone() {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("some-systemEnvironment",
						Map.of("WEIR_HOME", "/opt/weir", "WEIR_CLIENT_SERVICE_URL", "weir://there"))))
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
