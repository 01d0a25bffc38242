package io.weir.starter;

import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.broker.WeirEmbeddedBrokerAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Listeners that end the application, which must not wait for them. */
@Timeout(120)
class ClosingListenerTests {

	private static final String FOR_LONG = "10m";

	private static final Queue<String> returned = new ConcurrentLinkedQueue<>();

	@BeforeEach
	void reset() {
		returned.clear();
	}

	private static ConfigurableApplicationContext start(Class<?> listener, Map<String, Object> properties) {
		SpringApplication application = new SpringApplication(listener);
		application.setDefaultProperties(properties);
		return application.run("--weir.listener.shutdown-timeout=" + FOR_LONG,
				"--spring.lifecycle.timeout-per-shutdown-phase=" + FOR_LONG);
	}

	private static Map<String, Object> clientOf(Broker broker) {
		return Map.of("weir.client.service-url", broker.serviceUrl(), "weir.client.ssl.fingerprint",
				broker.certificateFingerprint());
	}

	private static TopicStats.SubscriptionStats subscription(Broker broker) {
		return broker.topics().get(0).subscriptions().get(0);
	}

	@Test
	void contextThatItsListenerClosesDoesNotWaitForItAndTheMessageIsAcknowledged() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			ConfigurableApplicationContext context = start(Closing.class, clientOf(broker));
			context.getBean(WeirTemplate.class).send("orders", "last");
			await().until(() -> returned.contains("last"));
			assertThat(context.isActive()).isFalse();
			await().untilAsserted(() -> assertThat(subscription(broker).backlog()).isZero());
			await().untilAsserted(() -> assertThat(broker.stats().connections()).isZero());
		}
	}

	@Test
	void embeddedBrokerStaysUntilTheListenerThatClosedItsContextIsAcknowledged(@TempDir Path data) {
		Map<String, Object> embedded = Map.of("weir.embedded.enabled", true, "weir.embedded.data-directory",
				data.toString(), "weir.broker.port", 0);
		ConfigurableApplicationContext context = start(Closing.class, embedded);
		Broker broker = context.getBean(Broker.class);
		context.getBean(WeirTemplate.class).send("orders", "last");
		await().until(() -> returned.contains("last"));
		await().until(() -> !broker.isRunning());
		// Waits for the closing under way, which gives the data directory back.
		broker.close();
		try (ConfigurableApplicationContext again = start(Closing.class, embedded)) {
			again.getBean(WeirTemplate.class).send("orders", "after");
			await().until(() -> returned.contains("after"));
		}
		assertThat(returned).containsExactly("last", "after");
	}

	@Test
	void listenersThatCloseTheContextTogetherDoNotWaitForEachOther() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			ConfigurableApplicationContext context = start(ClosingTogether.class, clientOf(broker));
			WeirTemplate template = context.getBean(WeirTemplate.class);
			template.send("orders", "one");
			template.send("orders", "other");
			await().until(() -> returned.size() == 2);
			await().untilAsserted(() -> assertThat(broker.stats().connections()).isZero());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "exit", "close and exit" })
	void jvmThatAListenerEndsDoesNotWaitForItAndClosesItsConnection(String how) throws Exception {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
					ClosingListenerTests.class.getName(), broker.serviceUrl(), broker.certificateFingerprint(), how)
				.inheritIO()
				.start();
			try {
				assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
				assertThat(process.exitValue()).isEqualTo(3);
				await().untilAsserted(() -> assertThat(broker.stats().connections()).isZero());
				assertThat(subscription(broker).backlog()).isEqualTo(1);
			}
			finally {
				process.destroyForcibly();
			}
		}
	}

	/** An application whose listener ends the JVM. */
	public static void main(String[] arguments) {
		start(Exiting.class, Map.of("weir.client.service-url", arguments[0], "weir.client.ssl.fingerprint",
				arguments[1], "how", arguments[2]))
			.getBean(WeirTemplate.class)
			.send("orders", "last");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ WeirAutoConfiguration.class, WeirEmbeddedBrokerAutoConfiguration.class,
			LifecycleAutoConfiguration.class, JacksonAutoConfiguration.class })
	static class Closing {

		private final ConfigurableApplicationContext context;

		Closing(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@WeirListener(id = "closing", topics = "orders", initialPosition = "earliest")
		void listen(String order) {
			if (order.equals("last")) {
				this.context.close();
			}
			returned.add(order);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ WeirAutoConfiguration.class, JacksonAutoConfiguration.class,
			LifecycleAutoConfiguration.class })
	static class ClosingTogether {

		private final CyclicBarrier both = new CyclicBarrier(2);

		private final ConfigurableApplicationContext context;

		ClosingTogether(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@WeirListener(id = "closing", topics = "orders", initialPosition = "earliest", subscriptionType = "shared",
				concurrency = "2", properties = "receiver-queue-size=1")
		void listen(String order) throws Exception {
			this.both.await();
			this.context.close();
			returned.add(order);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ WeirAutoConfiguration.class, JacksonAutoConfiguration.class,
			LifecycleAutoConfiguration.class })
	static class Exiting {

		private final ConfigurableApplicationContext context;

		private final String how;

		Exiting(ConfigurableApplicationContext context, @Value("${how}") String how) {
			this.context = context;
			this.how = how;
		}

		@WeirListener(id = "exiting", topics = "orders", initialPosition = "earliest")
		void listen(String order) {
			System.exit(this.how.equals("exit") ? 3 : SpringApplication.exit(this.context, () -> 3));
		}

	}

}
