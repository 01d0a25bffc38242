package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import io.weir.spring.WeirHandler;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirReader;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.metrics.WeirMetricsAutoConfiguration;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Applications with {@code spring.main.lazy-initialization=true}. */
class LazyInitializationTests extends AutoConfigurationFixture {

	private static final Queue<String> heard = new ConcurrentLinkedQueue<>();

	private final ApplicationContextRunner lazy = this.fake.withInitializer(
			(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));

	@BeforeEach
	void reset() {
		heard.clear();
	}

	@Test
	void listenersHearThoughNobodyAsksForTheirBean() {
		this.lazy.withUserConfiguration(Listening.class, Handling.class, Reading.class).run((context) -> {
			await().atMost(Duration.ofSeconds(30))
				.until(() -> context.getBean(WeirListenerRegistry.class)
					.getContainers()
					.stream()
					.filter((container) -> container.getStatus().state() == ListenerState.RUNNING)
					.count() == 4);
			this.client.publish("orders", "a");
			this.client.publish("twice", "b");
			this.client.publish("handled", "c");
			this.client.publish("read", "d");
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder("a", "b", "c", "d"));
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@WeirListener(id = "orders", topics = "orders")
		@WeirListener(id = "twice", topics = "twice")
		void listen(String text) {
			heard.add(text);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reading {

		@WeirReader(id = "read", topics = "read", startAt = "earliest")
		void read(String text) {
			heard.add(text);
		}

	}

	@WeirListener(id = "handled", topics = "handled")
	static class Handling {

		@WeirHandler(isDefault = true)
		void handle(String text) {
			heard.add(text);
		}

	}

	@Test
	void namedConsumersSubscribeAtOnceSoThatTheyMissNothing() {
		this.lazy
			.withPropertyValues("weir.consumers.audit.topic=orders", "weir.consumers.audit.subscription=audit",
					"weir.consumers.audit.type=java.lang.String", "weir.producers.orders.topic=orders",
					"weir.producers.orders.type=java.lang.String")
			.run((context) -> {
				assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton("audit")).isTrue();
				assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton("orders"))
					.as("a producer")
					.isFalse();
			});
	}

	@Test
	void wrongPropertiesStillEndTheStart() {
		this.lazy.withPropertyValues("weir.client.connections=0").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.client.connections");
		});
	}

	@Test
	void metersAreThereWhenTheyAreLookedAt() {
		this.lazy
			.withConfiguration(AutoConfigurations.of(WeirMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.run((context) -> assertThat(
					context.getBean(MeterRegistry.class).find("weir.client.batches.damaged").functionCounter())
				.isNotNull());
	}

}
