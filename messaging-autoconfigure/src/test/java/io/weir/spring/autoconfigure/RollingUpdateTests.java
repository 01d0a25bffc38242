package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.weir.broker.Broker;
import io.weir.client.WeirClient;
import io.weir.message.Schema;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.health.WeirHealthContributorAutoConfiguration;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The second instance of an application starts, then the first one is stopped. */
class RollingUpdateTests {

	private static final Queue<Heard> heard = new ConcurrentLinkedQueue<>();

	record Heard(String instance, int number) {
	}

	@BeforeEach
	void reset() {
		heard.clear();
	}

	@Configuration(proxyBeanMethods = false)
	static class Instance {

		private final String name;

		Instance(Environment environment) {
			this.name = environment.getRequiredProperty("instance");
		}

		@WeirListener(id = "billing", topics = "orders", initialPosition = "earliest",
				properties = "receiver-queue-size=10")
		void listen(String number) {
			heard.add(new Heard(this.name, Integer.parseInt(number)));
		}

	}

	@Test
	void instancesOfADefaultListenerShareTheWorkAndNoMessageIsLostOrDoubled() {
		update(Map.of(), (publish) -> await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			publish.run();
			assertThat(heard).extracting(Heard::instance).contains("first", "second");
		}));
		assertThat(heard).extracting(Heard::number)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, heard.size()).boxed().toList());
	}

	@Test
	void standbyOfAFailoverListenerIsUpAndTakesOverInOrder() {
		update(Map.of("weir.listener.subscription-type", "failover"), Runnable::run);
		assertThat(heard).extracting(Heard::number)
			.containsExactlyElementsOf(IntStream.range(0, heard.size()).boxed().toList());
		assertThat(heard).extracting(Heard::instance).isSorted().contains("first", "second");
	}

	private static void update(Map<String, String> properties, Consumer<Runnable> whileBothRun) {
		int[] next = { 0 };
		try (Broker broker = Broker.builder().port(0).build().start();
				WeirClient client = WeirClient.builder()
					.serviceUrl(broker.serviceUrl())
					.fingerprint(broker.certificateFingerprint())
					.build();
				var producer = client.producer(Schema.string()).topic("orders").create()) {
			Runnable publish = () -> IntStream.range(0, 100)
				.forEach((i) -> producer.sendAsync(Integer.toString(next[0]++)));
			application(broker, "first", properties).run((first) -> {
				awaitUp(first);
				publish.run();
				await().atMost(Duration.ofSeconds(30)).until(() -> !heard.isEmpty());
				application(broker, "second", properties).run((second) -> {
					awaitUp(second);
					whileBothRun.accept(publish);
					assertUp(first);
					assertUp(second);
					first.getSourceApplicationContext().close();
					assertUp(second);
					publish.run();
					await().atMost(Duration.ofSeconds(30))
						.untilAsserted(() -> assertThat(heard).hasSizeGreaterThanOrEqualTo(next[0]));
					assertUp(second);
				});
			});
		}
		assertThat(heard).hasSize(next[0]);
	}

	private static ApplicationContextRunner application(Broker broker, String name, Map<String, String> properties) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(WeirAutoConfiguration.class, WeirHealthContributorAutoConfiguration.class))
			.withUserConfiguration(Instance.class)
			.withPropertyValues("weir.client.service-url=" + broker.serviceUrl(),
					"weir.client.ssl.fingerprint=" + broker.certificateFingerprint(), "instance=" + name)
			.withPropertyValues(properties.entrySet()
				.stream()
				.map((each) -> each.getKey() + "=" + each.getValue())
				.toArray(String[]::new));
	}

	private static void awaitUp(AssertableApplicationContext context) {
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			assertUp(context);
			assertThat(context.getBean(WeirListenerRegistry.class).getContainers())
				.allSatisfy((container) -> assertThat(container.getStatus().state()).isEqualTo(ListenerState.RUNNING));
		});
	}

	private static void assertUp(AssertableApplicationContext context) {
		CompositeHealthContributor weir = context.getBean("weirHealthContributor", CompositeHealthContributor.class);
		weir.stream()
			.forEach((each) -> assertThat(((HealthIndicator) each.contributor()).health().getStatus()).as(each.name())
				.isEqualTo(Status.UP));
	}

}
