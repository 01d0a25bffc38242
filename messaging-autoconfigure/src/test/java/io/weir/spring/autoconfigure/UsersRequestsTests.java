package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats;
import io.weir.broker.TopicStats.SubscriptionStats;
import io.weir.client.ConnectionState;
import io.weir.client.WeirClient;
import io.weir.fixtures.ServerPorts;
import io.weir.fixtures.UdpRelay;
import io.weir.message.MessageId;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What users of other projects have asked for and no other test shows; docs/comparison.md
 * has the list, with the numbers of their issues.
 */
class UsersRequestsTests {

	private static final Queue<String> heard = new ConcurrentLinkedQueue<>();

	@BeforeEach
	void reset() {
		heard.clear();
	}

	/** Acknowledging the last of a batch would leave what came of other partitions. */
	@Test
	void batchListenersAcknowledgeWhatTheyTookOfEachPartition() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			broker.partitions("orders", 4);
			application(broker.serviceUrl(), broker).withUserConfiguration(Ledger.class).run((context) -> {
				WeirTemplate template = context.getBean(WeirTemplate.class);
				List<String> sent = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
				sent.forEach((order) -> template.message("orders", order).key(order).sendAsync());
				await().atMost(Duration.ofSeconds(30))
					.untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrderElementsOf(sent));
				await().atMost(Duration.ofSeconds(30))
					.untilAsserted(() -> assertThat(broker.topic("orders").orElseThrow().partitionStats()).hasSize(4)
						.allSatisfy((partition) -> assertThat(partition.messagesIn()).isPositive())
						.flatExtracting(TopicStats::subscriptions)
						.extracting(SubscriptionStats::backlog)
						.containsExactly(0L, 0L, 0L, 0L));
			});
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Ledger {

		@WeirListener(id = "ledger", topics = "orders", initialPosition = "earliest", batch = "true")
		void listen(List<String> orders) {
			heard.addAll(orders);
		}

	}

	@Test
	void listenersOfOneTopicHaveDeadLettersOfTheirOwn() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			application(broker.serviceUrl(), broker).withUserConfiguration(Failing.class)
				.withPropertyValues("weir.consumer.dead-letter.enabled=true",
						"weir.consumer.dead-letter.max-redeliveries=0",
						"weir.listeners.stock.dead-letter.topic=unavailable")
				.run((context) -> {
					context.getBean(WeirTemplate.class).send("orders", "o-1");
					await()
						.untilAsserted(() -> assertThat(broker.topics()).filteredOn((topic) -> topic.messagesIn() == 1)
							.extracting(TopicStats::name)
							.containsExactlyInAnyOrder("orders", "orders.billing.dead", "unavailable"));
				});
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@WeirListener(id = "billing", topics = "orders", initialPosition = "earliest")
		void bill(String order) {
			throw new IllegalStateException("cannot be billed");
		}

		@WeirListener(id = "stock", topics = "orders", initialPosition = "earliest")
		void ship(String order) {
			throw new IllegalStateException("cannot be shipped");
		}

	}

	@Test
	void sendingAsynchronouslyReturnsThoughNoBrokerAnswers() {
		application("weir://127.0.0.1:" + ServerPorts.free(), null)
			.withPropertyValues("weir.client.connect-timeout=100ms", "weir.producer.send-timeout=1s")
			.run((context) -> {
				CompletableFuture<MessageId> sent = context.getBean(WeirTemplate.class).sendAsync("orders", "first");
				assertThat(sent).isNotDone();
				assertThat(context.getBean(WeirClient.class).connections())
					.noneMatch((connection) -> connection.state() == ConnectionState.READY);
				await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(sent).isCompletedExceptionally());
			});
	}

	/**
	 * A broker tells clients no address of its own, which might be one that only its
	 * container knows.
	 */
	@Test
	void clientsUseNoOtherAddressThanTheOneTheyWereGiven() throws Exception {
		try (Broker broker = Broker.builder().port(0).build().start();
				UdpRelay published = UdpRelay.to(broker.address()).start()) {
			application("weir://127.0.0.1:" + published.address().getPort(), broker)
				.withPropertyValues("weir.producer.send-timeout=10s")
				.run((context) -> {
					WeirTemplate template = context.getBean(WeirTemplate.class);
					template.send("orders", "by the address it was given");
					published.blackHole(true);
					CompletableFuture<MessageId> lost = template.sendAsync("orders", "by none");
					await().atMost(Duration.ofSeconds(30))
						.untilAsserted(() -> assertThat(lost).isCompletedExceptionally());
					published.blackHole(false);
				});
		}
	}

	private static ApplicationContextRunner application(String serviceUrl, @Nullable Broker broker) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class))
			.withPropertyValues("weir.client.service-url=" + serviceUrl,
					(broker != null) ? "weir.client.ssl.fingerprint=" + broker.certificateFingerprint()
							: "weir.client.ssl.insecure=true");
	}

}
