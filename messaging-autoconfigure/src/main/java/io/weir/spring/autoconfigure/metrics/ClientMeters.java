package io.weir.spring.autoconfigure.metrics;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.weir.client.WeirClient;
import io.weir.pool.PoolStats;

/** The sizes of the pools, and what else the client counts by itself. */
final class ClientMeters implements MeterBinder {

	private final WeirClient client;

	ClientMeters(WeirClient client) {
		this.client = client;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String pool : this.client.pools().keySet()) {
			Tags tags = Tags.of("pool", pool);
			streams(registry, pool, tags.and("state", "active"), PoolStats::active);
			streams(registry, pool, tags.and("state", "idle"), PoolStats::idle);
			streams(registry, pool, tags.and("state", "pending"), PoolStats::pending);
			gauge(registry, "weir.pool.min", "Streams to keep open", pool, tags, PoolStats::min);
			gauge(registry, "weir.pool.max", "Streams that may be open", pool, tags, PoolStats::max);
		}
		FunctionCounter.builder("weir.client.batches.damaged", this.client, WeirClient::damagedBatches)
			.description("Batches of messages that came with other bytes than those that were published")
			.baseUnit("batches")
			.register(registry);
	}

	private void streams(MeterRegistry registry, String pool, Tags tags, ToDoubleFunction<PoolStats> value) {
		gauge(registry, "weir.pool.streams", "Streams lent, streams idle, and borrowers waiting", pool, tags, value);
	}

	private void gauge(MeterRegistry registry, String name, String description, String pool, Tags tags,
			ToDoubleFunction<PoolStats> value) {
		Gauge.builder(name, this.client, (client) -> {
			PoolStats stats = client.pools().get(pool);
			return (stats != null) ? value.applyAsDouble(stats) : Double.NaN;
		}).description(description).tags(tags).register(registry);
	}

}
