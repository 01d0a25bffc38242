package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
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
import io.weir.client.WhenFull;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.autoconfigure.common.FailureAnalyses;

import static org.assertj.core.api.Assertions.assertThat;

class WeirPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

	@Test
	void defaultsAreTheContracts() {
		this.runner.run((context) -> {
			WeirProperties properties = context.getBean(WeirProperties.class);
			assertThat(properties.client().serviceUrl()).isEqualTo("weir://localhost:7750");
			assertThat(properties.client().pool())
				.isEqualTo(new ClientProperties.Pool(2, 100, 2, Duration.ofSeconds(30), Duration.ofMinutes(30),
						Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO, false));
			assertThat(properties.client().startupFailurePolicy())
				.isEqualTo(ClientProperties.StartupFailurePolicy.RETRY);
			assertThat(properties.producer()).isEqualTo(new ProducerDefaults(Ordering.ORDERED, 4,
					Duration.ofSeconds(30), 1000, DataSize.ofMegabytes(64), WhenFull.FAIL, Compression.NONE,
					new ProducerDefaults.Batch(1000, DataSize.ofKilobytes(128), Duration.ofMillis(1)), 100));
			assertThat(properties.consumer())
				.isEqualTo(new ConsumerDefaults(1000, DataSize.ofMegabytes(64), Duration.ZERO, Duration.ofMillis(10),
						new ConsumerDefaults.DeadLetter(null, null, null), new ConsumerDefaults.Retry(
								new ConsumerDefaults.Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1)))));
			assertThat(properties.listener()).isEqualTo(new WeirProperties.Listener(SubscriptionType.SHARED, 1, 1,
					List.of(), List.of(), AckMode.RECORD, true, Duration.ofSeconds(30)));
			assertThat(properties.observation().enabled()).isTrue();
			assertThat(properties.producers()).isEmpty();
		});
	}

	@Test
	void entriesAreBound() {
		this.runner
			.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String",
					"weir.producers.orders.ordering=key-ordered", "weir.producers.orders.batch.max-bytes=1MB")
			.run((context) -> assertThat(context.getBean(WeirProperties.class).producers()).isEqualTo(Map.of("orders",
					new NamedProducer(null, "orders", String.class, null, AccessMode.SHARED, Ordering.KEY_ORDERED, null,
							null, null, null, null, null, new NamedProducer.Batch(null, DataSize.ofMegabytes(1), null),
							null))));
	}

	@ParameterizedTest
	@CsvSource({ "weir.client.connections, 0, at least 1", "weir.client.connections, many, convert",
			"weir.client.service-url, http://here, weir://host", "weir.client.connect-timeout, PT-1S, from 1ms to 24d",
			"weir.client.service-url, weir://here:port, weir://host", "weir.client.heartbeat.interval, 0, from 100ms",
			"weir.client.heartbeat.interval, PT1M, to 20s", "weir.client.auth.token, ' ', not be blank",
			"weir.client.pool.max-size, 1, min-size", "weir.client.pool.initial-size, 101, max-size",
			"weir.client.ssl.fingerprint, abc, 64 hexadecimal digits",
			"weir.client.startup-failure-policy, perhaps, RETRY", "weir.producer.ordering, random, KEY_ORDERED",
			"weir.producer.batch.max-bytes, 3221225472B, 2047MB", "weir.producer.batch.max-messages, 8193, 1 to 8192",
			"weir.producers.orders.batch.max-messages, 8193, 1 to 8192", "weir.producer.max-pending, 8193, 1 to 8192",
			"weir.producer.max-pending, 0, 1 to 8192", "weir.producers.orders.max-pending, 8193, 1 to 8192",
			"weir.producer.lanes, 0, at least 1", "weir.producers.orders.lanes, 0, at least 1",
			"weir.producers.orders.name, ' ', blank", "weir.producers.orders.access-mode, mine, EXCLUSIVE",
			"weir.producers.orders.access-mode, EXCLUSIVE, weir.producers.orders.name",
			"weir.producer.max-pending-bytes, 0B, at least 1 byte", "weir.producer.when-full, sometimes, WAIT",
			"weir.producer.compression, gzip, ZSTD", "weir.producer.compression, ZSTD, com.github.luben:zstd-jni",
			"weir.producers.orders.compression, ZSTD, com.github.luben:zstd-jni",
			"weir.producers.orders.topic, a b, letters", "weir.producers.orders.type, com.acme.Absent, com.acme.Absent",
			"weir.consumers.audit.subscription-type, several, KEY_SHARED",
			"weir.consumer.receiver-queue-size, 0, at least 1",
			"weir.consumer.receiver-queue-bytes, 0B, at least 1 byte",
			"weir.consumer.ack-timeout, PT-1S, from 0 to 365d", "weir.consumer.ack-timeout, PT8784H, from 0 to 365d",
			"weir.consumer.acknowledgement-delay, PT-1S, from 0 to 365d",
			"weir.consumers.audit.acknowledgement-delay, PT-1S, from 0 to 365d",
			"weir.consumer.dead-letter.max-redeliveries, -1, at least 0",
			"weir.consumer.dead-letter.topic, a b, letters",
			"weir.consumer.retry.backoff.initial, PT-1S, from 0 to 365d",
			"weir.consumer.retry.backoff.multiplier, 0.5, at least 1",
			"weir.consumer.retry.backoff.max, PT0.5S, initial",
			"weir.consumers.audit.ack-timeout, PT-1S, from 0 to 365d",
			"weir.consumers.audit.retry.backoff.initial, PT2M, weir.consumers.audit.retry.backoff.initial",
			"weir.consumers.audit.dead-letter.max-redeliveries, -1, at least 0",
			"weir.template.default-topic, a b, letters", "weir.template.max-producers, 0, at least 1",
			"weir.template.producer-idle-time, 0, from 1ms to 365d", "weir.template.reply-topic, a b, letters",
			"weir.template.reply-timeout, 0, from 1ms to 365d",
			"weir.message-types.order, com.acme.Absent, com.acme.Absent", "weir.listener.ack-mode, sometimes, MANUAL",
			"weir.listener.concurrency, 0, at least 1" })
	void wrongValuesFailNamingKeyValueAndWhatIsAllowed(String key, String value, String allowed) {
		this.runner.withPropertyValues(key + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
			assertThat(analysis.getDescription() + analysis.getAction()).contains(key)
				.contains(value)
				.contains(allowed);
		});
	}

	/** Settings that are checked together are named by the one that was set. */
	@Test
	void allThatIsWrongIsToldAtOnce() {
		this.runner
			.withPropertyValues("weir.client.connections=0", "weir.client.pool.max-size=1",
					"weir.producer.max-pending=0", "weir.consumers.audit.topic=a b",
					"weir.consumers.audit.subscription=audit", "weir.consumers.audit.type=java.lang.String",
					"weir.listener.concurrency=0")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription()).contains(
					"weir.client.connections", "must be at least 1", "must be from 0 to weir.client.pool.max-size (1)",
					"weir.producer.max-pending", "must be from 1 to 8192", "weir.consumers.audit.topic",
					"weir.listener.concurrency"));
	}

	@Test
	void namesAreAsLongAsTheBuilderAllows() {
		this.runner
			.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String",
					"weir.producers.orders.name=" + "n".repeat(1025))
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.producers.orders.name", "must have at most 1024 bytes"));
	}

	@Test
	void lanesMustNotBeMoreThanThePoolHasStreams() {
		this.runner
			.withPropertyValues("weir.client.pool.max-size=3", "weir.producers.orders.topic=orders",
					"weir.producers.orders.type=java.lang.String", "weir.producers.orders.ordering=key-ordered")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.producers.orders.lanes", "weir.client.pool.max-size, 3", "is 4")
				.doesNotContain("weir.producer.lanes"));
		this.runner
			.withPropertyValues("weir.client.pool.max-size=3", "weir.producer.ordering=key-ordered",
					"weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String",
					"weir.producers.orders.lanes=3")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.producer.lanes", "\"4\"", "weir.client.pool.max-size, 3")
				.doesNotContain("weir.producers.orders.lanes"));
	}

	/** Only lanes take streams. */
	@Test
	void lanesMustNotMatterToOtherOrderings() {
		this.runner
			.withPropertyValues("weir.client.pool.max-size=3", "weir.producer.ordering=unordered",
					"weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String",
					"weir.producers.orders.ordering=ordered")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void producersOfOneTopicMustHaveDifferentNames() {
		this.runner
			.withPropertyValues("weir.producers.one.topic=orders", "weir.producers.one.type=java.lang.String",
					"weir.producers.one.name=shop", "weir.producers.two.topic=orders",
					"weir.producers.two.type=java.lang.String", "weir.producers.two.name=shop",
					"weir.producers.other.topic=invoices", "weir.producers.other.type=java.lang.String",
					"weir.producers.other.name=shop")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.producers.two.name", "\"shop\"", "weir.producers.one")
				.doesNotContain("weir.producers.other"));
	}

	@Test
	void entriesNeedATopicAndAType() {
		this.runner.withPropertyValues("weir.consumers.audit.receiver-queue-size=5")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription()).contains(
					"weir.consumers.audit.topic", "weir.consumers.audit.subscription", "weir.consumers.audit.type",
					"is required"));
	}

	@Test
	void deadLettersMustNotGoBackToTheTopicThatIsConsumed() {
		this.runner
			.withPropertyValues("weir.consumers.audit.topic=orders", "weir.consumers.audit.subscription=audit",
					"weir.consumers.audit.type=java.lang.String", "weir.consumers.audit.dead-letter.topic=orders")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.consumers.audit.dead-letter.topic", "orders", "must not be the topic"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(WeirProperties.class)
	static class Bound {

	}

}
