package io.weir.spring.autoconfigure.metrics;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.message.Backlog;
import io.weir.spring.DefaultWeirConsumerFactory;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.listener.DefaultWeirListenerContainerFactory;
import io.weir.spring.listener.ListenerDefaults;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.RedeliveringErrorHandler;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerEndpoint;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.observation.WeirObservations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is measured of listeners. */
class ListenerMetersTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

	private final FakeWeirClient client = new FakeWeirClient();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final WeirListenerRegistry listeners = new WeirListenerRegistry();

	@AfterEach
	void stop() {
		this.listeners.unregister("billing");
	}

	private WeirListenerContainer start() {
		WeirListenerContainer container = new DefaultWeirListenerContainerFactory(
				new DefaultWeirConsumerFactory(this.client), ListenerDefaults.DEFAULTS, new RedeliveringErrorHandler(),
				WeirObservations.NOOP, false)
			.createContainer(WeirListenerEndpoint.builder("billing")
				.topics("orders", "bills")
				.subscription("accounts")
				.listener((messages, acknowledgement) -> null)
				.build());
		this.listeners.register(container);
		container.start();
		await().until(() -> container.getStatus().state() == ListenerState.RUNNING);
		return container;
	}

	private void bind(boolean backlogs) {
		new ListenerMeters(this.listeners, backlogs ? new BacklogMeters(InstantSource.fixed(NOW)) : null)
			.bindTo(this.meters);
	}

	private double count(String name, String topic) {
		return this.meters.get("weir.listener." + name)
			.tags("listener", "billing", "topic", topic, "subscription", "accounts", "client", "default")
			.functionCounter()
			.count();
	}

	private double gauge(String name) {
		return this.meters.get("weir.listener." + name).tag("topic", "orders").gauge().value();
	}

	@Test
	void messagesOfEachTopicAreCounted() {
		bind(true);
		start();
		this.client.publish("orders", "a");
		this.client.publish("orders", "b");
		this.client.publish("bills", "c");
		await().untilAsserted(() -> assertThat(count("processed", "orders")).isEqualTo(2));
		await().untilAsserted(() -> assertThat(count("processed", "bills")).isEqualTo(1));
		assertThat(count("received", "orders")).isEqualTo(2);
		assertThat(count("failed", "orders")).isZero();
		assertThat(gauge("concurrency")).isEqualTo(1);
		assertThat(gauge("concurrency.max")).isEqualTo(1);
		assertThat(gauge("threads.active")).isZero();
		assertThat(gauge("threads.max")).isEqualTo(1);
	}

	@Test
	void backlogAndItsAgeAreWhatTheBrokerSaidLast() {
		bind(true);
		WeirListenerContainer container = start();
		assertThat(gauge("backlog")).as("it was not asked").isNaN();
		assertThat(age()).isNaN();
		this.client.consumers.forEach((consumer) -> consumer.backlog = () -> CompletableFuture
			.completedFuture(new Backlog(7, NOW.minusSeconds(60))));
		container.refreshBacklogs();
		assertThat(gauge("backlog")).isEqualTo(7);
		assertThat(age()).isEqualTo(60);
		this.client.consumers
			.forEach((consumer) -> consumer.backlog = () -> CompletableFuture.completedFuture(new Backlog(0, null)));
		container.refreshBacklogs();
		assertThat(age()).isZero();
		this.client.consumers
			.forEach((consumer) -> consumer.backlog = () -> CompletableFuture.completedFuture(new Backlog(7, null)));
		container.refreshBacklogs();
		assertThat(age()).as("how old they are is not known").isNaN();
	}

	private double age() {
		return this.meters.get("weir.listener.backlog.age").tag("topic", "orders").timeGauge().value(TimeUnit.SECONDS);
	}

	@Test
	void metersGoWithTheContainer() {
		bind(true);
		start();
		assertThat(this.meters.getMeters()).hasSize(2 * 11);
		this.listeners.unregister("billing");
		assertThat(this.meters.getMeters()).isEmpty();
		start();
		assertThat(gauge("concurrency")).isEqualTo(1);
	}

	@Test
	void withoutQuestionsThereAreNoMetersOfBacklogs() {
		bind(false);
		start();
		assertThat(this.meters.find("weir.listener.backlog").meters()).isEmpty();
		assertThat(this.meters.find("weir.listener.backlog.age").meters()).isEmpty();
	}

	private ApplicationContextRunner application() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, WeirMetricsAutoConfiguration.class,
					MetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, () -> this.meters)
			.withBean(FakeWeirClient.class, () -> this.client)
			.withBean(Billing.class);
	}

	@Test
	void brokerIsAskedNowAndThenInAnApplication() {
		application().withPropertyValues("weir.observation.backlog-interval=5ms").run((context) -> {
			await().until(() -> !this.client.consumers.isEmpty());
			this.client.consumer(0).backlog = () -> CompletableFuture.completedFuture(new Backlog(7, null));
			await().untilAsserted(() -> assertThat(gauge("backlog")).isEqualTo(7));
		});
	}

	@Test
	void consumersThatAreBeansHaveABacklogToo() {
		application()
			.withPropertyValues("weir.observation.backlog-interval=5ms", "weir.consumers.audit.topic=orders",
					"weir.consumers.audit.subscription=audit", "weir.consumers.audit.type=java.lang.String")
			.run((context) -> {
				@SuppressWarnings("unchecked")
				FakeConsumer<String> audit = (FakeConsumer<String>) context.getBean("audit");
				audit.backlog = () -> CompletableFuture.completedFuture(new Backlog(3, null));
				RequiredSearch ofAudit = this.meters.get("weir.consumer.backlog")
					.tags("consumer", "audit", "topic", "orders", "subscription", "audit");
				await().untilAsserted(() -> assertThat(ofAudit.gauge().value()).isEqualTo(3));
				assertThat(this.meters.get("weir.consumer.connected").gauge().value()).isEqualTo(1);
				audit.closed = true;
				assertThat(this.meters.get("weir.consumer.connected").gauge().value()).isZero();
			});
	}

	@Test
	void nobodyIsAskedIfTheIntervalIsZero() {
		application().withPropertyValues("weir.observation.backlog-interval=0").run((context) -> {
			assertThat(context.getBean(BacklogRefresh.class).isRunning()).isFalse();
			assertThat(this.meters.find("weir.listener.backlog").meters()).isEmpty();
			assertThat(this.meters.find("weir.listener.received").meters()).hasSize(1);
		});
	}

	@Test
	void metersAreTurnedOffAsAllOthersAre() {
		application().withPropertyValues("management.metrics.enable.weir.listener=false")
			.run((context) -> assertThat(this.meters.getMeters()).extracting((meter) -> meter.getId().getName())
				.contains("weir.client.batches.damaged")
				.noneMatch((name) -> name.startsWith("weir.listener")));
	}

	static class Billing {

		@WeirListener(id = "billing", topics = "orders")
		void onOrder(String order) {
		}

	}

}
