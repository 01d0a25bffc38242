package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.unit.DataSize;

import io.weir.client.Ordering;
import io.weir.spring.AckMode;

import static org.assertj.core.api.Assertions.assertThat;

class WeirPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

	@Test
	void defaultsAreTheContracts() {
		this.runner.run((context) -> {
			WeirProperties properties = context.getBean(WeirProperties.class);
			assertThat(properties.client().serviceUrl()).isEqualTo("weir://localhost:7750");
			assertThat(properties.client().pool()).isEqualTo(new WeirProperties.Pool(2, 100, 2, Duration.ofSeconds(30),
					Duration.ofMinutes(30), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO));
			assertThat(properties.client().startupFailurePolicy()).isEqualTo(WeirProperties.StartupFailurePolicy.RETRY);
			assertThat(properties.producer())
				.isEqualTo(new WeirProperties.Producer(Ordering.ORDERED, Duration.ofSeconds(30), 1000,
						new WeirProperties.Batch(1000, DataSize.ofKilobytes(128), Duration.ofMillis(1)), 100));
			assertThat(properties.consumer().receiverQueueSize()).isEqualTo(1000);
			assertThat(properties.listener())
				.isEqualTo(new WeirProperties.Listener(1, AckMode.RECORD, true, Duration.ofSeconds(30)));
			assertThat(properties.observation().enabled()).isTrue();
			assertThat(properties.producers()).isEmpty();
		});
	}

	@Test
	void entriesAreBound() {
		this.runner
			.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String",
					"weir.producers.orders.ordering=key-ordered", "weir.producers.orders.batch.max-bytes=1MB")
			.run((context) -> assertThat(context.getBean(WeirProperties.class).producers()).isEqualTo(
					Map.of("orders", new WeirProperties.NamedProducer("orders", String.class, Ordering.KEY_ORDERED,
							null, null, new WeirProperties.NamedBatch(null, DataSize.ofMegabytes(1), null), null))));
	}

	@ParameterizedTest
	@CsvSource({ "weir.client.connections, 0, at least 1", "weir.client.connections, many, convert",
			"weir.client.service-url, http://here, weir://host", "weir.client.connect-timeout, PT-1S, longer than 0",
			"weir.client.pool.max-size, 1, min-size", "weir.client.pool.initial-size, 101, max-size",
			"weir.client.ssl.fingerprint, abc, 64 hex digits", "weir.client.startup-failure-policy, perhaps, RETRY",
			"weir.producer.ordering, random, KEY_ORDERED", "weir.producer.batch.max-bytes, 3221225472B, 2047MB",
			"weir.producer.max-pending, 0, at least 1", "weir.producers.orders.topic, a b, letters",
			"weir.producers.orders.type, com.acme.Absent, com.acme.Absent",
			"weir.consumers.audit.subscription-type, FAILOVER, exclusive or shared",
			"weir.listener.ack-mode, sometimes, MANUAL", "weir.listener.concurrency, 0, at least 1" })
	void wrongValuesFailNamingKeyValueAndWhatIsAllowed(String key, String value, String allowed) {
		this.runner.withPropertyValues(key + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription() + analysis.getAction()).contains(key)
				.contains(value)
				.contains(allowed);
		});
	}

	@Test
	void entriesNeedATopicAndAType() {
		this.runner.withPropertyValues("weir.consumers.audit.receiver-queue-size=5")
			.run((context) -> assertThat(analyze(context.getStartupFailure()).getDescription()).contains(
					"weir.consumers.audit.topic", "weir.consumers.audit.subscription", "weir.consumers.audit.type",
					"is required"));
	}

	static FailureAnalysis analyze(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class, (type, name, problem) -> {
		})
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No analysis", failure));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(WeirProperties.class)
	static class Bound {

	}

}
