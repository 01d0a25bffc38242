package io.weir.spring.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import io.weir.client.WeirClient;
import io.weir.pool.PoolStats;

/**
 * Down when a pool has no stream because none can be opened. A pool that is merely busy
 * is well.
 */
final class PoolHealthIndicator implements HealthIndicator {

	private final WeirClient client;

	PoolHealthIndicator(WeirClient client) {
		this.client = client;
	}

	@Override
	public Health health() {
		Map<String, PoolStats> pools = this.client.pools();
		Health.Builder health = pools.values().stream().anyMatch(PoolHealthIndicator::isBroken) ? Health.down()
				: Health.up();
		pools.forEach((name, stats) -> health.withDetail(name, details(stats)));
		return health.build();
	}

	private static boolean isBroken(PoolStats stats) {
		return stats.size() == 0 && stats.creationFailures() > 0 && (stats.min() > 0 || stats.pending() > 0);
	}

	private static Map<String, Object> details(PoolStats stats) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("active", stats.active());
		details.put("idle", stats.idle());
		details.put("pending", stats.pending());
		details.put("min", stats.min());
		details.put("max", stats.max());
		details.put("creationFailures", stats.creationFailures());
		return details;
	}

}
