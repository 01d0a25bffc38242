package io.weir.spring;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.client.WeirClient;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** One annotation and a client are all that an application without Spring Boot needs. */
@Timeout(120)
class EnableWeirTests {

	@Test
	void aClientIsAllThatTemplateAndListenersNeed() {
		try (Broker broker = Broker.builder().port(0).build().start();
				AnnotationConfigApplicationContext context = context(broker, Messaging.class)) {
			context.getBean(WeirTemplate.class).send("orders", new Order("o-1"));
			Queue<Order> heard = context.getBean(Messaging.class).heard;
			await().untilAsserted(() -> assertThat(heard).containsExactly(new Order("o-1")));
		}
	}

	@Test
	void beansOfTheApplicationTakeThePlaceOfThoseThatWouldBeMade() {
		try (Broker broker = Broker.builder().port(0).build().start();
				AnnotationConfigApplicationContext context = context(broker, Messaging.class, Own.class)) {
			assertThat(context.getBean(WeirTemplate.class)).isSameAs(context.getBean("own"));
			String[] json = new String[1];
			try (var raw = context.getBean(WeirClient.class)
				.consumer(Schema.string())
				.topic("orders")
				.subscription("raw")
				.subscribe()) {
				await().until(raw::isConnected);
				context.getBean(WeirTemplate.class).send("orders", new Order("o-2"));
				json[0] = String.valueOf(raw.receive().value());
			}
			assertThat(json[0]).as("by the application's JSON mapper").isEqualTo("{\"ORDER_ID\":\"o-2\"}");
		}
	}

	@Test
	void furtherClientsAreKnownByTheNamesOfTheirBeans() {
		try (Broker broker = Broker.builder().port(0).build().start();
				AnnotationConfigApplicationContext context = context(broker, Messaging.class, Further.class)) {
			WeirClients clients = context.getBean(WeirClients.class);
			assertThat(clients.all()).hasSize(2);
			assertThatIllegalArgumentException().isThrownBy(() -> clients.template("nobody"))
				.withMessageContaining("[reports]");
			WeirClient reports = clients.client("reports");
			assertThat(clients.defaultClient()).isNotSameAs(reports);
			assertThat(clients.template("reports")).isSameAs(clients.template("reports"));
			clients.template("reports").send("sales", "many");
			Queue<String> heard = context.getBean(Further.class).heard;
			await().untilAsserted(() -> assertThat(heard).containsExactly("many"));
		}
	}

	private static AnnotationConfigApplicationContext context(Broker broker, Class<?>... classes) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(Broker.class, () -> broker, (definition) -> definition.setDestroyMethodName(""));
		context.register(classes);
		context.refresh();
		return context;
	}

	record Order(String orderId) {
	}

	@Configuration
	@EnableWeir
	static class Messaging {

		final Queue<Order> heard = new ConcurrentLinkedQueue<>();

		@Bean
		WeirClient client(Broker broker) {
			return WeirClient.builder()
				.serviceUrl(broker.serviceUrl())
				.fingerprint(broker.certificateFingerprint())
				.build();
		}

		@WeirListener(topics = "orders", subscription = "billing", initialPosition = "earliest")
		void bill(Order order) {
			this.heard.add(order);
		}

	}

	@Configuration
	static class Further {

		final Queue<String> heard = new ConcurrentLinkedQueue<>();

		@Bean(defaultCandidate = false)
		WeirClient reportsWeirClient(Broker broker) {
			return WeirClient.builder()
				.serviceUrl(broker.serviceUrl())
				.fingerprint(broker.certificateFingerprint())
				.poolNamePrefix("reports")
				.build();
		}

		@WeirListener(client = "reports", topics = "sales", subscription = "audit", initialPosition = "earliest")
		void sale(String sale) {
			this.heard.add(sale);
		}

	}

	@Configuration
	static class Own {

		@Bean
		JsonMapper mapper() {
			return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE).build();
		}

		@Bean(destroyMethod = "")
		WeirTemplate own(WeirProducerFactory producers, WeirSchemas schemas) {
			return new WeirTemplate(producers, schemas);
		}

	}

}
