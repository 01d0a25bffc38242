package io.weir.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.StreamPoolSettings;
import io.weir.message.Schema;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.OutgoingMessage;
import io.weir.spring.ProducerCustomizer;
import io.weir.spring.ProducerInterceptor;
import io.weir.spring.WeirClients;

import static org.assertj.core.api.Assertions.assertThat;

/** What an application defines for one of its clients. */
class OneClientTests extends AutoConfigurationFixture {

	private final ApplicationContextRunner reports = this.fake
		.withPropertyValues("weir.clients.reports.service-url=weir://localhost:9");

	@Test
	void customizersAndInterceptorsOfOneClientLeaveTheOthersAlone() {
		this.reports.withUserConfiguration(Customized.class).run((context) -> {
			WeirClients clients = context.getBean(WeirClients.class);
			List<String> asked = context.getBean(Customized.class).asked;
			clients.producerFactory(null).createProducer("orders", Schema.string());
			clients.consumerFactory(null).builder("orders", "billing", Schema.string(), (topic, builder) -> {
			});
			assertThat(asked).containsExactly("default producer of orders", "any producer of orders",
					"any consumer of orders");
			asked.clear();
			clients.producerFactory("reports").createProducer("sales", Schema.string());
			clients.consumerFactory("reports").builder("sales", "audit", Schema.string(), (topic, builder) -> {
			});
			assertThat(asked).containsExactly("reports producer of sales", "any producer of sales",
					"reports consumer of sales", "any consumer of sales");
			asked.clear();
			clients.producerFactory(null).createProducer("orders", Schema.string()).sendAsync("one");
			assertThat(asked).endsWith("default interceptor of orders");
			assertThat(clients.client("reports").pools().get("reports-0").max()).isEqualTo(3);
		});
	}

	@Test
	void factoriesOfTheDefaultClientAreTheBeans() {
		this.fake.run((context) -> {
			WeirClients clients = context.getBean(WeirClients.class);
			assertThat(clients.producerFactory(null)).isSameAs(context.getBean("weirProducerFactory"));
			assertThat(clients.consumerFactory(null)).isSameAs(context.getBean("weirConsumerFactory"));
		});
	}

	@Test
	void connectionDetailsOfAFurtherClientAreTheBeanWithItsQualifier() {
		this.runner
			.withPropertyValues("weir.client.service-url=weir://localhost:8",
					"weir.clients.reports.service-url=weir://localhost:9",
					"weir.clients.audit.service-url=weir://localhost:10")
			.withUserConfiguration(Details.class)
			.run((context) -> {
				WeirClients clients = context.getBean(WeirClients.class);
				assertThat(clients.client("reports").serviceUrl()).isEqualTo("weir://reports.example.com");
				assertThat(clients.client("audit").serviceUrl()).isEqualTo("weir://localhost:10");
				assertThat(clients.defaultClient().serviceUrl()).isEqualTo("weir://localhost:8");
			});
	}

	@Test
	void twoConnectionDetailsForOneClientAreRefusedNamingBoth() {
		this.reports.withUserConfiguration(Details.class, MoreDetails.class)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("'reports'")
				.hasMessageContaining("ofReports")
				.hasMessageContaining("moreOfReports"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		final List<String> asked = new ArrayList<>();

		@Bean
		ProducerCustomizer reportsProducers() {
			return ProducerCustomizer.forClient("reports", producer("reports"));
		}

		@Bean
		ProducerCustomizer defaultProducers() {
			return ProducerCustomizer.forClient(null, producer("default"));
		}

		@Bean
		ProducerCustomizer anyProducers() {
			return producer("any");
		}

		@Bean
		ConsumerCustomizer reportsConsumers() {
			return ConsumerCustomizer.forClient("reports", consumer("reports"));
		}

		@Bean
		ConsumerCustomizer anyConsumers() {
			return consumer("any");
		}

		@Bean
		WeirClientCustomizer reportsClient() {
			return WeirClientCustomizer.forClient("reports", (builder) -> builder.pool(small()));
		}

		@Bean
		WeirClientCustomizer nobodysClient() {
			return WeirClientCustomizer.forClient("nobody", (builder) -> {
				throw new IllegalStateException("Nobody has this name");
			});
		}

		@Bean
		ProducerInterceptor defaultInterceptor() {
			return new Interceptor(this.asked, "default", null);
		}

		@Bean
		ProducerInterceptor reportsInterceptor() {
			return new Interceptor(this.asked, "reports", "reports");
		}

		private ProducerCustomizer producer(String whose) {
			return (topic, builder) -> this.asked.add(whose + " producer of " + topic);
		}

		private ConsumerCustomizer consumer(String whose) {
			return (topic, builder) -> this.asked.add(whose + " consumer of " + topic);
		}

		private static StreamPoolSettings small() {
			StreamPoolSettings defaults = StreamPoolSettings.DEFAULTS;
			return new StreamPoolSettings(1, 3, 1, defaults.maxIdleTime(), defaults.maxLifetime(),
					defaults.validationInterval(), defaults.borrowTimeout(), defaults.leakDetectionThreshold(),
					defaults.strictFifo());
		}

	}

	private record Interceptor(List<String> asked, String name, String client) implements ProducerInterceptor {

		@Override
		public boolean appliesTo(String client) {
			return Objects.equals(this.client, client);
		}

		@Override
		public void beforeSend(OutgoingMessage message) {
			this.asked.add(this.name + " interceptor of " + message.topic());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Details {

		@Bean(defaultCandidate = false)
		@Qualifier("reports")
		WeirConnectionDetails ofReports() {
			return () -> "weir://reports.example.com";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MoreDetails {

		@Bean(defaultCandidate = false)
		@Qualifier("reports")
		WeirConnectionDetails moreOfReports() {
			return () -> "weir://elsewhere.example.com";
		}

	}

}
