package io.weir.spring.autoconfigure;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.SendTo;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Which client a listener, a producer or a consumer uses. */
class ClientOfListenersTests extends TwoBrokers {

	@Test
	void listenerOfAClientReadsAtItsBrokerAndRepliesThere() {
		withReports().withUserConfiguration(Listening.class).run((context) -> {
			Listening listening = context.getBean(Listening.class);
			context.getBean(WeirTemplate.class).send("sales", "first");
			context.getBean(WeirClients.class).template("reports").send("sales", "reports");
			await().untilAsserted(() -> assertThat(listening.heard).containsExactlyInAnyOrder("default: first",
					"reports: reports", "reply: reports"));
			assertThat(context.getBean(WeirListenerRegistry.class).getContainer("of-reports").getStatus().client())
				.isEqualTo("reports");
		});
	}

	@Test
	void settingsOfAListenerMayNameItsClient() {
		withReports().withUserConfiguration(Plain.class)
			.withPropertyValues("weir.listeners.plain.client=reports")
			.run((context) -> {
				context.getBean(WeirTemplate.class).send("plain", "first");
				context.getBean(WeirClients.class).template("reports").send("plain", "reports");
				await().untilAsserted(() -> assertThat(context.getBean(Plain.class).heard).containsExactly("reports"));
			});
	}

	/** Their subscriptions have one name, but are not one. */
	@Test
	void messageIsNotHandedToTheListenerOfAnotherBroker() {
		withReports().withUserConfiguration(TwoTypes.class).run((context) -> {
			WeirTemplate reports = context.getBean(WeirClients.class).template("reports");
			reports.send("shop", new Refund("at-reports"));
			reports.send("shop", new Order("at-reports"));
			context.getBean(WeirTemplate.class).send("shop", new Refund("at-first"));
			TwoTypes listening = context.getBean(TwoTypes.class);
			await().untilAsserted(() -> assertThat(listening.heard).containsExactlyInAnyOrder(new Order("at-reports"),
					new Refund("at-first")));
		});
	}

	@SuppressWarnings("unchecked")
	private static Producer<String> sales(ApplicationContext context) {
		return (Producer<String>) context.getBean("sales");
	}

	@Test
	void producersAndConsumersAreOfTheClientThatTheirEntriesName() {
		withReports()
			.withPropertyValues("weir.producers.sales.topic=sales", "weir.producers.sales.type=java.lang.String",
					"weir.producers.sales.client=reports", "weir.consumers.audit.topic=sales",
					"weir.consumers.audit.type=java.lang.String", "weir.consumers.audit.subscription=audit",
					"weir.consumers.audit.initial-position=earliest", "weir.consumers.audit.client=reports")
			.run((context) -> {
				context.getBean(WeirTemplate.class).send("sales", "first");
				sales(context).send("reports");
				assertThat(context.getBean("audit", Consumer.class).receive().value()).isEqualTo("reports");
			});
	}

	record Order(String id) {
	}

	record Refund(String id) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		final Queue<String> heard = new ConcurrentLinkedQueue<>();

		@WeirListener(topics = "sales", subscription = "audit", initialPosition = "earliest")
		void ofDefault(String sale) {
			this.heard.add("default: " + sale);
		}

		@WeirListener(id = "of-reports", client = "reports", topics = "sales", subscription = "audit",
				initialPosition = "earliest")
		@SendTo("replies")
		String ofReports(String sale) {
			this.heard.add("reports: " + sale);
			return sale;
		}

		@WeirListener(client = "reports", topics = "replies", subscription = "audit", initialPosition = "earliest")
		void replies(String reply) {
			this.heard.add("reply: " + reply);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Plain {

		final Queue<String> heard = new ConcurrentLinkedQueue<>();

		@WeirListener(id = "plain", topics = "plain", initialPosition = "earliest")
		void listen(String text) {
			this.heard.add(text);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoTypes {

		final Queue<Object> heard = new ConcurrentLinkedQueue<>();

		@WeirListener(client = "reports", topics = "shop", subscription = "billing", initialPosition = "earliest")
		void order(Order order) {
			this.heard.add(order);
		}

		@WeirListener(topics = "shop", subscription = "billing", initialPosition = "earliest")
		void refund(Refund refund) {
			this.heard.add(refund);
		}

	}

}
