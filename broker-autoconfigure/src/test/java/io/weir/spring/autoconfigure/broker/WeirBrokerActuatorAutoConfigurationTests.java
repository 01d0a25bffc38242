package io.weir.spring.autoconfigure.broker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.broker.Broker;
import io.weir.broker.BrokerStats;
import io.weir.broker.LimitStats;
import io.weir.broker.StorageStats;
import io.weir.broker.TopicStats;
import io.weir.broker.store.Damage;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.StorageStatus.State;
import io.weir.spring.autoconfigure.broker.WeirTopicsEndpoint.Topics;
import io.weir.message.Topic;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WeirBrokerActuatorAutoConfigurationTests {

	private final ScriptedBroker broker = new ScriptedBroker();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirBrokerActuatorAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=weirtopics");

	private final ApplicationContextRunner withBroker = this.runner.withBean(Broker.class, () -> this.broker);

	@Test
	void withoutABrokerThereIsNothingToTell() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(WeirBrokerHealthIndicator.class)
			.doesNotHaveBean(WeirTopicsEndpoint.class)
			.doesNotHaveBean(WeirBrokerMetrics.class));
	}

	@Test
	void healthFollowsTheBroker() {
		this.withBroker.run((context) -> {
			WeirBrokerHealthIndicator health = context.getBean("weirBrokerHealthIndicator",
					WeirBrokerHealthIndicator.class);
			assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
			this.broker.start();
			this.broker.stats = Stats.connections(3);
			Health up = health.health();
			assertThat(up.getStatus()).isEqualTo(Status.UP);
			assertThat(up.getDetails()).containsEntry("serviceUrl", "weir://127.0.0.1:4711")
				.containsEntry("connections", 3);
		});
	}

	@ParameterizedTest
	@CsvSource({ "SERVING, UP", "FULL, OUT_OF_SERVICE", "UNAVAILABLE, OUT_OF_SERVICE", "RECOVERING, OUT_OF_SERVICE",
			"FAILED, DOWN" })
	void healthTellsThatNothingCanBeStoredWhyAndSinceWhen(State state, String expected) {
		this.broker.start();
		String reason = (state != State.SERVING) ? "make room" : null;
		this.broker.storage = new StorageStats(new StorageStatus(state, reason, Instant.EPOCH, 12), 0, 34);
		Health health = new WeirBrokerHealthIndicator(this.broker).health();
		assertThat(health.getStatus().getCode()).isEqualTo(expected);
		assertThat(health.getDetails().get("storage")).asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry("state", state.name())
			.containsEntry("freeBytes", 12L)
			.containsEntry("refused", 34L)
			.satisfies((details) -> {
				assertThat(details.get("reason")).isEqualTo(reason);
				assertThat(details.get("since")).isEqualTo((reason != null) ? "1970-01-01T00:00:00Z" : null);
			});
	}

	@Test
	void metersTellHowTheStoreIs() {
		this.broker.start();
		MeterRegistry registry = new SimpleMeterRegistry();
		new WeirBrokerMetrics(this.broker).bindTo(registry);
		this.broker.storage = new StorageStats(new StorageStatus(State.FULL, "make room", Instant.EPOCH, 12), 56, 34);
		assertThat(registry.get("weir.broker.storage.state").tag("state", "full").gauge().value()).isEqualTo(1);
		assertThat(registry.get("weir.broker.storage.state").tag("state", "serving").gauge().value()).isZero();
		assertThat(registry.get("weir.broker.storage.free").gauge().value()).isEqualTo(12);
		assertThat(registry.get("weir.broker.storage.waiting").gauge().value()).isEqualTo(56);
		assertThat(registry.get("weir.broker.storage.refused").functionCounter().count()).isEqualTo(34);
	}

	@Test
	void damagedTopicsAreShown() {
		this.withBroker.run((context) -> {
			this.broker.start();
			WeirBrokerHealthIndicator health = context.getBean(WeirBrokerHealthIndicator.class);
			assertThat(health.health().getDetails()).doesNotContainKey("damagedTopics");
			MeterRegistry registry = new SimpleMeterRegistry();
			context.getBean(WeirBrokerMetrics.class).bindTo(registry);
			assertThat(registry.get("weir.broker.storage.damages").gauge().value()).isZero();
			this.broker.damages = List.of(new Damage(new Topic("orders"), new Position(0, 7), "Entry 0:7 is damaged"),
					new Damage(new Topic("orders"), new Position(0, 8), "Entry 0:8 is damaged"));
			assertThat(registry.get("weir.broker.storage.damages").gauge().value()).isEqualTo(2);
			assertThat(health.health().getDetails()).containsEntry("damagedTopics", 1);
			assertThat(context.getBean(WeirTopicsEndpoint.class).topics(null, null, null, null).damaged())
				.containsExactly(Map.entry("orders", "Entry 0:7 is damaged"));
		});
	}

	@Test
	void healthCanBeTurnedOff() {
		this.withBroker.withPropertyValues("management.health.weirbroker.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WeirBrokerHealthIndicator.class));
	}

	@Test
	void endpointShowsAllTopicsOneOfThemOrNone() {
		TopicStats orders = Stats.topic("orders", 4, Stats.topic("orders", 1), Stats.topic("orders#1", 1));
		TopicStats nested = Stats.topic("shop/eu/orders", 1);
		this.broker.topics = List.of(orders, nested);
		this.withBroker.run((context) -> {
			WeirTopicsEndpoint endpoint = context.getBean(WeirTopicsEndpoint.class);
			assertThat(endpoint.topics(null, null, null, true))
				.isEqualTo(new Topics(List.of(orders, nested), null, Map.of()));
			assertThat(endpoint.topics(null, null, null, null).topics()).as("sums, unless more is asked for")
				.containsExactly(Stats.topic("orders", 4), nested);
			assertThat(endpoint.topics("shop/", null, null, null).topics()).containsExactly(nested);
			assertThat(endpoint.topic("orders"))
				.isEqualTo(DescribedTopic.of(orders, Stats.description("orders"), null));
			assertThat(endpoint.topic("shop", "eu", "orders"))
				.isEqualTo(DescribedTopic.of(nested, Stats.description("shop/eu/orders"), null));
			assertThat(endpoint.topic("nobody")).isNull();
			assertThat(endpoint.topic(" ")).as("what no topic can be called").isNull();
		});
	}

	@Test
	void endpointShowsAPageAtATime() {
		this.broker.topics = IntStream.range(0, 250).mapToObj((i) -> Stats.topic("t" + (100 + i), 1)).toList();
		this.withBroker.run((context) -> {
			WeirTopicsEndpoint endpoint = context.getBean(WeirTopicsEndpoint.class);
			Topics first = endpoint.topics(null, null, null, null);
			assertThat(first.topics()).hasSize(100);
			assertThat(first.next()).isEqualTo("t199");
			Topics second = endpoint.topics(null, first.next(), 140, null);
			assertThat(second.topics()).hasSize(140).first().extracting(TopicStats::name).isEqualTo("t200");
			Topics last = endpoint.topics(null, second.next(), 140, null);
			assertThat(last.topics()).hasSize(10);
			assertThat(last.next()).isNull();
			for (int limit : new int[] { 0, 1001 }) {
				assertThatExceptionOfType(InvalidEndpointRequestException.class)
					.isThrownBy(() -> endpoint.topics(null, null, limit, null))
					.withMessageContaining("from 1 to 1000, was " + limit);
			}
		});
	}

	@Test
	void metersFollowTheBroker() {
		this.withBroker.run((context) -> {
			MeterRegistry registry = new SimpleMeterRegistry();
			context.getBean(WeirBrokerMetrics.class).bindTo(registry);
			this.broker.stats = new BrokerStats(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 21, 18, 12,
					new BrokerStats.RedeliveryStats(13, 14, 15, 16, 17), 7, new BrokerStats.ProtocolStats(19, 20),
					Map.of(BrokerLimit.INCOMING_MEMORY, new LimitStats(100, 60, 8)));
			assertThat(registry.get("weir.broker.connections").gauge().value()).isEqualTo(1);
			assertThat(registry.get("weir.broker.messages.in").functionCounter().count()).isEqualTo(2);
			assertThat(registry.get("weir.broker.messages.out").functionCounter().count()).isEqualTo(3);
			assertThat(registry.get("weir.broker.bytes.in").functionCounter().count()).isEqualTo(4);
			assertThat(registry.get("weir.broker.bytes.out").functionCounter().count()).isEqualTo(5);
			assertThat(registry.get("weir.broker.backlog").gauge().value()).isEqualTo(6);
			assertThat(registry.get("weir.broker.messages.expired").functionCounter().count()).isEqualTo(8);
			assertThat(registry.get("weir.broker.bytes.kept").gauge().value()).isEqualTo(9);
			assertThat(registry.get("weir.broker.backlog.refused").functionCounter().count()).isEqualTo(10);
			assertThat(registry.get("weir.broker.backlog.dropped").functionCounter().count()).isEqualTo(11);
			assertThat(registry.get("weir.broker.messages.trimmed").functionCounter().count()).isEqualTo(21);
			assertThat(registry.get("weir.broker.messages.delayed").gauge().value()).isEqualTo(12);
			assertThat(registry.get("weir.broker.compaction.removed").functionCounter().count()).isEqualTo(18);
			assertThat(registry.get("weir.broker.messages.redelivered").functionCounter().count()).isEqualTo(13);
			assertThat(registry.get("weir.broker.keys.parked").gauge().value()).isEqualTo(14);
			assertThat(registry.get("weir.broker.messages.deadlettered").functionCounter().count()).isEqualTo(15);
			assertThat(registry.get("weir.broker.deadletters.waiting").gauge().value()).isEqualTo(16);
			assertThat(registry.get("weir.broker.messages.replayed").functionCounter().count()).isEqualTo(17);
			assertThat(registry.get("weir.broker.batches.damaged").functionCounter().count()).isEqualTo(7);
			assertThat(registry.get("weir.broker.refused").tag("limit", "incoming-memory").functionCounter().count())
				.isEqualTo(8);
			assertThat(registry.get("weir.broker.refused").tag("limit", "max-message-size").functionCounter().count())
				.isEqualTo(19);
			assertThat(registry.get("weir.broker.refused").tag("limit", "protocol").functionCounter().count())
				.isEqualTo(20);
			assertThat(registry.get("weir.broker.used").tag("limit", "incoming-memory").gauge().value()).isEqualTo(60);
			assertThat(registry.get("weir.broker.limit").tag("limit", "incoming-memory").gauge().value())
				.isEqualTo(100);
		});
	}

}
