package io.weir.test.spring;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.Header;

import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;
import io.weir.test.EmbeddedWeir;
import io.weir.test.WeirTestBroker;
import io.weir.test.spring.Billing.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whole applications, whose properties name brokers that are not there. */
@SpringBootTest(classes = EmbeddedWeirTests.Application.class,
		properties = { "weir.client.service-url=weir://nowhere.invalid", "weir.client.ssl.insecure=true",
				"weir.clients.reports.service-url=weir://nowhere.invalid",
				"weir.clients.reports.startup-failure-policy=fail" })
@EmbeddedWeir
class EmbeddedWeirTests {

	@Autowired
	private WeirTemplate template;

	@Autowired
	private Billing billing;

	@Autowired
	private WeirTestBroker broker;

	@Test
	void applicationUsesTheBrokerOfItsTest() {
		this.template.send("orders", new Order("ann", 3));
		assertThat(this.broker).topic("orders", Order.class).contains(new Order("ann", 3));
		assertThat(this.broker).topic("orders").subscription("billing").hasAcknowledgedAll();
		assertThat(this.billing.billed).contains("ann");
	}

	@Test
	void listenersReceiveWhatTheTestPublishes() {
		this.broker.publish("orders", new Order("bob", 4));
		await().until(() -> this.billing.billed.contains("bob"));
	}

	@Test
	void testMethodsAreGivenTheBrokerOfTheirContext(WeirTestBroker parameter) {
		assertThat(parameter).isSameAs(this.broker);
	}

	@Test
	void furtherClientsAndTheirListenersUseTheBrokerOfTheTestToo(@Autowired WeirClients clients,
			@Autowired Branches branches) {
		clients.template("reports").send("sales", "ann");
		assertThat(this.broker).topic("sales").subscription("reports").hasAcknowledgedAll();
		assertThat(branches.sales).containsExactly("ann");
	}

	@Test
	void listenerOfAPatternIsGivenATopicThatComesLaterFromItsBeginningAndToldWhichItIs(@Autowired Branches branches) {
		this.template.send("branches.eu", "a");
		this.template.send("branches.us", "b");
		this.template.send("branch", "c");
		await().untilAsserted(
				() -> assertThat(branches.heard).containsExactlyInAnyOrder("branches.eu: a", "branches.us: b"));
		assertThat(this.broker).topic("branches.us").subscription("branches").hasAcknowledgedAll();
	}

	@Nested
	class Inner {

		@Test
		void innerClassesShareTheContextAndItsBroker(@Autowired WeirTestBroker inner, WeirTestBroker parameter) {
			assertThat(inner).isSameAs(EmbeddedWeirTests.this.broker).isSameAs(parameter);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Billing.class, Branches.class })
	static class Application {

		@Bean
		ConsumerCustomizer searchOften() {
			return (topic, consumer) -> consumer.topicSearchInterval(Duration.ofMillis(20));
		}

	}

	static class Branches {

		final Queue<String> sales = new ConcurrentLinkedQueue<>();

		final Queue<String> heard = new ConcurrentLinkedQueue<>();

		@WeirListener(id = "reports", client = "reports", topics = "sales", initialPosition = "earliest")
		void sale(String customer) {
			this.sales.add(customer);
		}

		@WeirListener(id = "branches", topics = "branches.*")
		void branch(String text, @Header(WeirHeaders.TOPIC) String topic) {
			this.heard.add(topic + ": " + text);
		}

	}

}
