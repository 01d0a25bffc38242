package io.weir.spring.autoconfigure.metrics;

import java.util.List;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.pool.DestroyReason;
import io.weir.pool.ValidationPhase;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirClientCustomizer;
import io.weir.spring.fake.FakePoolStats;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;

class WeirMetricsTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, WeirMetricsAutoConfiguration.class))
		.withBean(FakeWeirClient.class, () -> this.client);

	@Test
	void thePoolsSizesAreGauges() {
		this.client.pools.put("weir-0", FakePoolStats.of(1, 2, 3, 0));
		new ClientMeters(List.of(this.client)).bindTo(this.registry);
		assertThat(streams("active")).isEqualTo(1);
		assertThat(streams("idle")).isEqualTo(2);
		assertThat(streams("pending")).isEqualTo(3);
		assertThat(this.registry.get("weir.pool.min").tag("pool", "weir-0").gauge().value()).isEqualTo(2);
		assertThat(this.registry.get("weir.pool.max").tag("pool", "weir-0").gauge().value()).isEqualTo(100);
		this.client.pools.put("weir-0", FakePoolStats.of(5, 0, 0, 0));
		assertThat(streams("active")).isEqualTo(5);
	}

	@Test
	void damagedBatchesAreCounted() {
		new ClientMeters(List.of(this.client)).bindTo(this.registry);
		this.client.damagedBatches = 3;
		assertThat(this.registry.get("weir.client.batches.damaged").functionCounter().count()).isEqualTo(3);
	}

	private double streams(String state) {
		return this.registry.get("weir.pool.streams").tags("pool", "weir-0", "state", state).gauge().value();
	}

	@Test
	void whatHappensInAPoolIsCountedAndTimed() {
		PoolEvents events = new PoolEvents(this.registry, "weir-0");
		events.borrowed(Duration.ofMillis(3).toNanos());
		events.borrowTimedOut(Duration.ofMillis(5).toNanos());
		events.returned(Duration.ofMillis(7).toNanos());
		events.created(1);
		events.destroyed(DestroyReason.LIFETIME);
		events.validated(ValidationPhase.BORROW, true);
		events.validated(ValidationPhase.IDLE, false);
		assertThat(this.registry.get("weir.pool.borrow").tag("pool", "weir-0").timer().count()).isEqualTo(2);
		assertThat(this.registry.get("weir.pool.usage").tag("pool", "weir-0").timer().totalTime(TimeUnit.MILLISECONDS))
			.isEqualTo(7);
		assertThat(count("created")).isEqualTo(1);
		assertThat(destroyed("lifetime")).isEqualTo(1);
		assertThat(destroyed("idle")).isZero();
		assertThat(validations("borrow", "valid")).isEqualTo(1);
		assertThat(validations("idle", "invalid")).isEqualTo(1);
		assertThat(validations("idle", "valid")).isZero();
	}

	@Test
	void whatGoesWrongInAPoolMustBeCounted() {
		PoolEvents events = new PoolEvents(this.registry, "weir-0");
		assertThat(count("leaks")).isZero();
		events.leaked(1);
		events.borrowTimedOut(1);
		events.borrowTimedOut(1);
		IntStream.range(0, 3).forEach((i) -> events.creationFailed(new IOException("no stream")));
		assertThat(count("leaks")).isEqualTo(1);
		assertThat(count("timeouts")).isEqualTo(2);
		assertThat(count("creation.failures")).isEqualTo(3);
	}

	private double count(String name) {
		return this.registry.get("weir.pool." + name).tag("pool", "weir-0").counter().count();
	}

	private double destroyed(String reason) {
		return this.registry.get("weir.pool.destroyed").tags("pool", "weir-0", "reason", reason).counter().count();
	}

	private double validations(String phase, String outcome) {
		return this.registry.get("weir.pool.validations")
			.tags("pool", "weir-0", "phase", phase, "outcome", outcome)
			.counter()
			.count();
	}

	@Test
	void areThereWithAMeterRegistry() {
		this.runner.withBean(MeterRegistry.class, () -> this.registry)
			.run((context) -> assertThat(context).hasSingleBean(ClientMeters.class)
				.hasSingleBean(ListenerMeters.class)
				.hasSingleBean(WeirClientCustomizer.class));
	}

	@Test
	void areAbsentWithoutAMeterRegistry() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MeterBinder.class));
	}

	@Test
	void areAbsentWithoutMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("weirClientMeters"));
	}

}
