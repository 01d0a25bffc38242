package io.weir.test.spring;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import io.weir.spring.WeirTemplate;
import io.weir.test.EmbeddedWeir;
import io.weir.test.WeirTestBroker;
import io.weir.test.spring.Billing.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whole applications, whose properties name brokers that are not there. */
@SpringBootTest(classes = EmbeddedWeirTests.Application.class,
		properties = { "weir.client.service-url=weir://nowhere.invalid", "weir.client.ssl.insecure=true" })
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

	@Nested
	class Inner {

		@Test
		void innerClassesShareTheContextAndItsBroker(@Autowired WeirTestBroker inner, WeirTestBroker parameter) {
			assertThat(inner).isSameAs(EmbeddedWeirTests.this.broker).isSameAs(parameter);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Billing.class)
	static class Application {

	}

}
