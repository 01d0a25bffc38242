package io.weir.spring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.WeirClient;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.common.WeirPropertyNamesAutoConfiguration;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What is wrong of further clients, or of who names one, ends the start. */
class ClientNamesTests extends AutoConfigurationFixture {

	private static final String NOWHERE = "weir://localhost:9";

	private final ApplicationContextRunner reports = this.fake
		.withConfiguration(AutoConfigurations.of(WeirPropertyNamesAutoConfiguration.class))
		.withPropertyValues("weir.clients.reports.service-url=" + NOWHERE,
				"weir.clients.reports.ssl.fingerprint=" + "0a".repeat(32), "weir.clients.reports.pool.max-size=7");

	private static String description(AssertableApplicationContext context) {
		return FailureAnalyses.of(context.getStartupFailure()).getDescription();
	}

	@ParameterizedTest
	@CsvSource({ "connections, 0, at least 1", "conections, 2, Nearest: weir.clients.reports.connections",
			"callback-executor, nobody, There is no Executor bean",
			"ssl.bundle, none, weir.clients.reports.ssl.bundle" })
	void whatIsWrongOfAFurtherClientFailsTheStartWithItsKey(String key, String value, String allowed) {
		this.reports.withPropertyValues("weir.clients.reports." + key + "=" + value)
			.run((context) -> assertThat(description(context)).contains("weir.clients.reports." + key, allowed));
	}

	@Test
	void brokerOfAFurtherClientMayBeNeededForTheStart() {
		this.reports
			.withPropertyValues("weir.clients.reports.startup-failure-policy=fail",
					"weir.clients.reports.connect-timeout=300ms")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("reportsWeirClientConnectionCheck")
				.hasStackTraceContaining("UNREACHABLE"));
	}

	@Test
	void lanesAreAsManyAsTheStreamsOfTheProducersClient() {
		this.reports
			.withPropertyValues("weir.producers.sales.topic=sales", "weir.producers.sales.type=java.lang.String",
					"weir.producers.sales.client=reports", "weir.producers.sales.ordering=key-ordered",
					"weir.producers.sales.lanes=8")
			.run((context) -> assertThat(description(context)).contains("weir.producers.sales.lanes",
					"not be more than weir.clients.reports.pool.max-size, 7"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "weir.producers.sales.client", "weir.consumers.audit.client", "weir.listeners.plain.client" })
	void clientThatThereIsNotFailsTheStartNamingThoseThatThereAre(String key) {
		this.reports.withUserConfiguration(Plain.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues("weir.producers.sales.topic=sales", "weir.producers.sales.type=java.lang.String",
					"weir.consumers.audit.topic=sales", "weir.consumers.audit.type=java.lang.String",
					"weir.consumers.audit.subscription=audit", key + "=nobody")
			.run((context) -> assertThat(description(context)).contains(key, "nobody", "[reports]"));
	}

	@Test
	void listenerThatNamesAClientThatThereIsNotFailsTheStart() {
		this.reports.withUserConfiguration(OfNobody.class)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("'nobody'")
				.hasMessageContaining("[reports]"));
	}

	@Test
	void twoClientsOfOneNameAreRefused() {
		this.reports.withUserConfiguration(Twice.class)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("'reports'")
				.hasMessageContaining("'reportsWeirClient'"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Plain {

		@WeirListener(id = "plain", topics = "plain")
		void listen(String text) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfNobody {

		@WeirListener(client = "nobody", topics = "sales", subscription = "audit")
		void listen(String text) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Twice {

		@Bean(defaultCandidate = false)
		WeirClient reports() {
			return new FakeWeirClient();
		}

	}

}
