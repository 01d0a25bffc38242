package io.weir.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.Header;

import io.weir.broker.Broker;
import io.weir.message.MessageId;
import io.weir.spring.WeirHandler;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirReader;
import io.weir.spring.WeirTemplate;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerEvent;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Readers, with a broker in this process. */
class WeirReaderTests {

	private static final Queue<Object> heard = new ConcurrentLinkedQueue<>();

	private final Broker broker = Broker.builder().inProcess().build();

	private ApplicationContextRunner runner;

	record Price(String article, int cents) {
	}

	record Sale(String article) {
	}

	@BeforeEach
	void start() {
		heard.clear();
		this.broker.start();
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, JacksonAutoConfiguration.class))
			.withPropertyValues("weir.client.service-url=" + this.broker.serviceUrl(), "start=earliest");
	}

	@AfterEach
	void stop() {
		this.broker.close();
	}

	private static WeirListenerContainer container(ApplicationContext context) {
		return context.getBean(WeirListenerRegistry.class).getContainer("prices");
	}

	private static void awaitRunning(ApplicationContext context) {
		await().until(() -> container(context).getStatus().state() == ListenerState.RUNNING);
	}

	private static void awaitHeard(Object... expected) {
		await().untilAsserted(() -> assertThat(heard).containsExactly(expected));
	}

	@Configuration(proxyBeanMethods = false)
	static class Prices {

		public final String topic = "prices";

		final Queue<Object> events = new ConcurrentLinkedQueue<>();

		@WeirReader(id = "prices", topics = "#{__listener.topic}", startAt = "${start}")
		void onPrice(Price price) {
			heard.add(price.cents());
		}

		@EventListener
		void on(WeirListenerEvent event) {
			this.events.add(event);
		}

	}

	@Test
	void everyInstanceIsGivenAllMessagesInOrderAndTheBrokerRemembersNothing() {
		this.runner.withUserConfiguration(Prices.class).run((one) -> {
			WeirTemplate template = one.getBean(WeirTemplate.class);
			IntStream.range(0, 5).forEach((cents) -> template.send("prices", new Price("tea", cents)));
			awaitHeard(0, 1, 2, 3, 4);
			this.runner.withUserConfiguration(Prices.class).run((other) -> {
				awaitHeard(0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
				assertThat(container(other).getStatus().subscription()).isNull();
			});
			assertThat(one.getBean(Prices.class).events).contains(new WeirListenerEvent.Started("prices"),
					new WeirListenerEvent.Subscribed("prices", "prices"));
			assertThat(this.broker.topic("prices").orElseThrow().subscriptions())
				.noneMatch((subscription) -> subscription.durable());
		});
		assertThat(this.broker.topic("prices").orElseThrow().subscriptions()).isEmpty();
	}

	@Test
	void readerBeginsAtAMessageATimeOrTheEnd() {
		List<MessageId> ids = new ArrayList<>();
		this.runner.run((context) -> {
			WeirTemplate template = context.getBean(WeirTemplate.class);
			for (int cents = 0; cents < 3; cents++) {
				ids.add(template.send("prices", new Price("tea", cents)));
			}
		});
		this.runner.withUserConfiguration(Prices.class)
			.withPropertyValues("start=" + ids.get(1))
			.run((context) -> awaitHeard(1, 2));
		heard.clear();
		this.runner.withUserConfiguration(Prices.class)
			.withPropertyValues("start=2001-01-01T00:00:00+01:00")
			.run((context) -> awaitHeard(0, 1, 2));
		heard.clear();
		this.runner.withUserConfiguration(Prices.class).withPropertyValues("start=LATEST").run((context) -> {
			awaitRunning(context);
			context.getBean(WeirTemplate.class).send("prices", new Price("tea", 3));
			awaitHeard(3);
		});
	}

	@Test
	void readerThatIsStartedAgainGoesOnInEachPartition() {
		this.broker.partitions("prices", 3);
		this.runner.withUserConfiguration(Prices.class).run((context) -> {
			WeirTemplate template = context.getBean(WeirTemplate.class);
			IntStream.range(0, 30)
				.forEach((cents) -> template.message("prices", new Price("tea", cents)).key("key " + cents).send());
			await().until(() -> heard.size() == 30);
			container(context).stop();
			template.send("prices", new Price("tea", 30));
			container(context).start();
			await().until(() -> heard.contains(30));
			template.send("prices", new Price("tea", 31));
			await().until(() -> heard.contains(31));
			assertThat(heard).hasSize(32);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Partitions {

		@WeirReader(id = "prices", topics = "prices", startAt = "earliest", partitions = "${partitions}")
		void onPrice(Price price, @Header(WeirHeaders.PARTITION) int partition) {
			heard.add(partition);
		}

	}

	@Test
	void readerIsGivenThePartitionsThatItNamesAndToldWhichEachMessageIsIn() {
		this.broker.partitions("prices", 6);
		List<Integer> sent = new ArrayList<>();
		this.runner.run((context) -> {
			WeirTemplate template = context.getBean(WeirTemplate.class);
			for (int cents = 0; cents < 60; cents++) {
				sent.add(partition(template.message("prices", new Price("tea", cents)).key("key " + cents).send()));
			}
		});
		assertThat(sent).contains(0, 1, 2, 3, 4, 5);
		sent.removeIf((partition) -> partition == 0 || partition == 4);
		this.runner.withUserConfiguration(Partitions.class)
			.withPropertyValues("partitions=1 - 3, 5")
			.run((context) -> await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrderElementsOf(sent)));
	}

	private static int partition(MessageId id) {
		return Integer.parseInt(id.toString().substring(0, id.toString().indexOf(':')));
	}

	@WeirReader(id = "prices", topics = "prices", startAt = "earliest")
	static class ByType {

		@WeirHandler
		void onPrice(Price price) {
			heard.add(price);
		}

		@WeirHandler
		void onSale(Sale sale) {
			heard.add(sale);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Sales {

		@WeirReader(id = "prices", topics = "prices", startAt = "earliest")
		void onSale(Sale sale) {
			heard.add(sale);
		}

	}

	private void publishBoth(ApplicationContext context) {
		WeirTemplate template = context.getBean(WeirTemplate.class);
		template.send("prices", new Price("tea", 1));
		template.send("prices", new Sale("tea"));
	}

	@Test
	void methodsOfAClassAreEachGivenTheirType() {
		this.runner.withUserConfiguration(ByType.class).run((context) -> {
			publishBoth(context);
			awaitHeard(new Price("tea", 1), new Sale("tea"));
		});
	}

	@Test
	void messagesOfAnotherTypeArePassedOverAndAreNoFailures() {
		this.runner.withUserConfiguration(Sales.class).run((context) -> {
			publishBoth(context);
			awaitHeard(new Sale("tea"));
			assertThat(container(context).getStatus().failed()).isZero();
			assertThat(container(context).getStatus().received()).isEqualTo(2);
		});
	}

}
