package io.weir.spring.autoconfigure.metrics;

import java.util.Collection;
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

	private final Collection<WeirClient> clients;

	ClientMeters(Collection<WeirClient> clients) {
		this.clients = clients;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.clients.forEach((client) -> bindPools(client, registry));
		FunctionCounter
			.builder("weir.client.batches.damaged", this.clients,
					(clients) -> clients.stream().mapToLong(WeirClient::damagedBatches).sum())
			.description("Batches of messages that came with other bytes than those that were published")
			.baseUnit("batches")
			.register(registry);
	}

	private static void bindPools(WeirClient client, MeterRegistry registry) {
		for (String pool : client.pools().keySet()) {
			Tags tags = Tags.of("pool", pool);
			streams(registry, client, pool, tags.and("state", "active"), PoolStats::active);
			streams(registry, client, pool, tags.and("state", "idle"), PoolStats::idle);
			streams(registry, client, pool, tags.and("state", "pending"), PoolStats::pending);
			gauge(registry, client, "weir.pool.min", "Streams to keep open", pool, tags, PoolStats::min);
			gauge(registry, client, "weir.pool.max", "Streams that may be open", pool, tags, PoolStats::max);
		}
	}

	private static void streams(MeterRegistry registry, WeirClient client, String pool, Tags tags,
			ToDoubleFunction<PoolStats> value) {
		gauge(registry, client, "weir.pool.streams", "Streams lent, streams idle, and borrowers waiting", pool, tags,
				value);
	}

	private static void gauge(MeterRegistry registry, WeirClient client, String name, String description, String pool,
			Tags tags, ToDoubleFunction<PoolStats> value) {
		Gauge.builder(name, client, (pools) -> {
			PoolStats stats = pools.pools().get(pool);
			return (stats != null) ? value.applyAsDouble(stats) : Double.NaN;
		}).description(description).tags(tags).register(registry);
	}

}
