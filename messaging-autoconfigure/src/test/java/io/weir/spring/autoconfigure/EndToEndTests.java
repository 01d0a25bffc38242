package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;

import io.weir.broker.Broker;
import io.weir.client.ConnectionListener;
import io.weir.client.ConnectionState;
import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.fixtures.ServerPorts;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.health.WeirHealthContributorAutoConfiguration;
import io.weir.spring.autoconfigure.metrics.WeirMetricsAutoConfiguration;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.RedeliveringErrorHandler;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Over QUIC, with a broker in this JVM. */
class EndToEndTests {

	private static final Queue<Order> heard = new ConcurrentLinkedQueue<>();

	private static final Map<Integer, Integer> attempts = new ConcurrentHashMap<>();

	record Order(int number) {
	}

	@BeforeEach
	void reset() {
		heard.clear();
		attempts.clear();
	}

	private static ApplicationContextRunner application(String serviceUrl, String... properties) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, JacksonAutoConfiguration.class,
					WeirHealthContributorAutoConfiguration.class, WeirMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("weir.client.service-url=" + serviceUrl)
			.withPropertyValues(properties);
	}

	@Test
	void whatTheTemplateSendsTheListenerHearsInOrder() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), "weir.client.ssl.fingerprint=" + broker.certificateFingerprint(),
					"weir.client.startup-failure-policy=fail")
				.withUserConfiguration(Billing.class)
				.run((context) -> {
					awaitListeners(context);
					WeirTemplate template = context.getBean(WeirTemplate.class);
					IntStream.range(0, 500)
						.forEach((i) -> template.message("orders", new Order(i)).key("k" + i).sendAsync());
					await().untilAsserted(() -> assertThat(heard).hasSize(500));
					assertThat(heard).extracting(Order::number).isSorted();
					assertThat(context.getBean(MeterRegistry.class)
						.get("weir.pool.validations")
						.tags("phase", "borrow", "outcome", "valid")
						.counter()
						.count()).isPositive();
					assertThat(health(context, "connection")).isEqualTo(Status.UP);
					assertThat(health(context, "pool")).isEqualTo(Status.UP);
					assertThat(health(context, "listeners")).isEqualTo(Status.UP);
				});
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Billing {

		@WeirListener(id = "billing", topics = "orders", initialPosition = "earliest", subscriptionType = "exclusive")
		void bill(Order order, @Header("weir_key") String key) {
			assertThat(key).isEqualTo("k" + order.number());
			heard.add(order);
		}

	}

	@Test
	void connectionListenersAreTold() {
		Queue<ConnectionState> told = new ConcurrentLinkedQueue<>();
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), "weir.client.ssl.fingerprint=" + broker.certificateFingerprint())
				.withBean(ConnectionListener.class, () -> (connection) -> told.add(connection.state()))
				.run((context) -> await().untilAsserted(
						() -> assertThat(told).containsExactly(ConnectionState.CONNECTING, ConnectionState.READY)));
			await().untilAsserted(() -> assertThat(told).endsWith(ConnectionState.CLOSED));
		}
	}

	@Test
	void whatFailsComesAgain() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), "weir.client.ssl.fingerprint=" + broker.certificateFingerprint())
				.withUserConfiguration(Flaky.class)
				.run((context) -> {
					awaitListeners(context);
					WeirTemplate template = context.getBean(WeirTemplate.class);
					IntStream.range(0, 10).forEach((i) -> template.send("orders", new Order(i)));
					await().untilAsserted(() -> assertThat(heard).hasSize(10));
					assertThat(attempts).containsEntry(3, 2).containsEntry(4, 1);
				});
		}
	}

	@Test
	void hundredsOfThreadsMaySendToANewTopicThroughOneTemplate() throws Exception {
		ExecutorService threads = Executors.newCachedThreadPool();
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), "weir.client.ssl.fingerprint=" + broker.certificateFingerprint(),
					"weir.producer.max-pending=10")
				.run((context) -> {
					WeirTemplate template = context.getBean(WeirTemplate.class);
					CountDownLatch go = new CountDownLatch(1);
					List<Future<MessageId>> sent = IntStream.range(0, 200).mapToObj((i) -> threads.submit(() -> {
						go.await();
						return template.send("new", new Order(i));
					})).toList();
					go.countDown();
					Set<MessageId> ids = new HashSet<>();
					for (Future<MessageId> one : sent) {
						ids.add(one.get(60, TimeUnit.SECONDS));
					}
					assertThat(ids).hasSize(200);
				});
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void errorHandlerOfAnAsynchronousListenerMayPublish() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), "weir.client.ssl.fingerprint=" + broker.certificateFingerprint())
				.withUserConfiguration(Forwarding.class)
				.run((context) -> {
					awaitListeners(context);
					WeirTemplate template = context.getBean(WeirTemplate.class);
					IntStream.range(0, 10).forEach((i) -> template.send("orders", new Order(i)));
					await().untilAsserted(() -> assertThat(heard).extracting(Order::number)
						.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 10).boxed().toList()));
					assertThat(health(context, "connection")).isEqualTo(Status.UP);
					assertThat(health(context, "listeners")).isEqualTo(Status.UP);
				});
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Forwarding {

		private final ObjectProvider<WeirTemplate> template;

		Forwarding(ObjectProvider<WeirTemplate> template) {
			this.template = template;
		}

		@WeirListener(id = "forwarding", topics = "orders", errorHandler = "publishing")
		CompletionStage<?> forward(Order order) {
			return this.template.getObject().sendAsync("forwarded", order).thenAccept((id) -> {
				throw new IllegalStateException("no");
			});
		}

		@WeirListener(id = "failures", topics = "failures")
		void hear(Order order) {
			heard.add(order);
		}

		@Bean
		WeirErrorHandler publishing() {
			return (listenerId, message, failure) -> {
				this.template.getObject().send("forwarded", message.payload());
				this.template.getObject().send("failures", message.payload());
				return WeirErrorHandler.Decision.discard();
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Flaky {

		@WeirListener(id = "flaky", topics = "orders", subscriptionType = "shared", concurrency = "2")
		void listen(Order order) {
			if (attempts.merge(order.number(), 1, Integer::sum) == 1 && order.number() == 3) {
				throw new IllegalStateException("no");
			}
			heard.add(order);
		}

		@Bean
		RedeliveringErrorHandler weirErrorHandler() {
			return new RedeliveringErrorHandler(Duration.ofMillis(1), Duration.ofMillis(1));
		}

	}

	@Test
	void whatAlwaysFailsBecomesADeadLetter() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), "weir.client.ssl.fingerprint=" + broker.certificateFingerprint(),
					"weir.consumer.dead-letter.topic=dead", "weir.consumer.dead-letter.max-redeliveries=2",
					"weir.consumer.retry.backoff.initial=1ms")
				.withUserConfiguration(Hopeless.class)
				.run((context) -> {
					awaitListeners(context);
					context.getBean(WeirTemplate.class).send("orders", new Order(3));
					await().untilAsserted(() -> assertThat(heard).containsExactly(new Order(3)));
					assertThat(attempts).containsEntry(3, 3);
				});
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Hopeless {

		@WeirListener(id = "hopeless", topics = "orders", subscriptionType = "failover", concurrency = "2")
		void listen(Order order) {
			attempts.merge(order.number(), 1, Integer::sum);
			throw new IllegalStateException("no");
		}

		@WeirListener(id = "dead", topics = "dead", initialPosition = "earliest")
		void dead(Order order, @Header(WeirHeaders.ORIGIN_TOPIC) String topic,
				@Header(WeirHeaders.ORIGIN_SUBSCRIPTION) String subscription, Message<Order> message) {
			assertThat(topic).isEqualTo("orders");
			assertThat(subscription).isEqualTo("hopeless");
			assertThat(message.deadLetterOrigin()).isNotNull();
			heard.add(order);
		}

	}

	@Test
	void namedProducersAndConsumersWork() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), "weir.client.ssl.fingerprint=" + broker.certificateFingerprint(),
					"weir.producers.orders.topic=orders", "weir.producers.orders.type=" + Order.class.getName(),
					"weir.producers.orders.ordering=key-ordered", "weir.consumers.audit.topic=orders",
					"weir.consumers.audit.subscription=audit", "weir.consumers.audit.initial-position=earliest",
					"weir.consumers.audit.type=" + Order.class.getName())
				.withUserConfiguration(Shop.class)
				.run((context) -> {
					Shop.Desk desk = context.getBean(Shop.Desk.class);
					desk.orders().send(new Order(7));
					assertThat(desk.audit().receive().value()).isEqualTo(new Order(7));
				});
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Shop {

		record Desk(Producer<Order> orders, Consumer<Order> audit) {
		}

		@Bean
		Desk desk(Producer<Order> orders, Consumer<Order> audit) {
			return new Desk(orders, audit);
		}

	}

	@Test
	void anApplicationStartsBeforeItsBroker() {
		Broker broker = Broker.builder().port(ServerPorts.free()).build().start();
		String serviceUrl = broker.serviceUrl();
		int port = broker.address().getPort();
		broker.close();
		application(serviceUrl, "weir.client.ssl.insecure=true", "weir.client.connect-timeout=200ms")
			.withUserConfiguration(Billing.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				await().untilAsserted(() -> assertThat(health(context, "connection")).isEqualTo(Status.DOWN));
				try (Broker late = Broker.builder().port(port).build().start()) {
					assertThat(late.isRunning()).isTrue();
					awaitListeners(context);
					context.getBean(WeirTemplate.class).message("orders", new Order(1)).key("k1").send();
					await().untilAsserted(() -> assertThat(heard).containsExactly(new Order(1)));
					// Closed while the broker is there, so that nothing has to wait.
					context.getSourceApplicationContext().close();
				}
			});
	}

	@Test
	void anUntrustedCertificateIsExplained() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), "weir.client.startup-failure-policy=fail").run((context) -> {
				assertThat(context).hasFailed();
				assertThat(FailureAnalyses.of(context.getStartupFailure()).getAction())
					.contains("weir.client.ssl.fingerprint");
			});
		}
	}

	@Test
	void aBrokerThatIsNotThereIsExplained() {
		Broker broker = Broker.builder().port(0).build().start();
		String serviceUrl = broker.serviceUrl();
		broker.close();
		application(serviceUrl, "weir.client.startup-failure-policy=fail", "weir.client.connect-timeout=200ms")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(FailureAnalyses.of(context.getStartupFailure())).satisfies((analysis) -> {
					assertThat(analysis.getDescription()).contains(serviceUrl.substring("weir://".length()));
					assertThat(analysis.getAction()).contains("UDP");
				});
			});
	}

	private static void awaitListeners(AssertableApplicationContext context) {
		WeirListenerRegistry registry = context.getBean(WeirListenerRegistry.class);
		await().untilAsserted(() -> assertThat(registry.getContainers())
			.allSatisfy((container) -> assertThat(container.getStatus().state()).isEqualTo(ListenerState.RUNNING)));
	}

	private static Status health(AssertableApplicationContext context, String component) {
		CompositeHealthContributor weir = context.getBean("weirHealthContributor", CompositeHealthContributor.class);
		return ((HealthIndicator) weir.getContributor(component)).health().getStatus();
	}

}
