package io.weir.client.internal.connection;

import java.util.EnumMap;
import java.util.Map;

import io.weir.pool.DestroyReason;
import io.weir.pool.PoolStats;
import io.weir.pool.ValidationCount;
import io.weir.pool.ValidationPhase;

/**
 * Adds what the pools of earlier connections counted to the figures of the present one,
 * so that the counters of a name never go back.
 */
final class PoolTotals {

	private PoolTotals() {
	}

	static PoolStats none(int min, int max) {
		return PoolStats.of(0, 0, 0, min, max);
	}

	/** The counters alone, as of a pool that is gone. */
	static PoolStats counters(PoolStats stats) {
		return new PoolStats(0, 0, 0, 0, 0, stats.min(), stats.max(), stats.borrows(), stats.timeouts(), stats.leaks(),
				stats.created(), stats.creationFailures(), stats.detached(), stats.destroyed(), stats.validations(), stats.waits(),
				stats.creations());
	}

	static PoolStats add(PoolStats earlier, PoolStats now) {
		Map<DestroyReason, Long> destroyed = new EnumMap<>(DestroyReason.class);
		for (DestroyReason reason : DestroyReason.values()) {
			destroyed.put(reason, earlier.destroyed(reason) + now.destroyed(reason));
		}
		Map<ValidationPhase, ValidationCount> validations = new EnumMap<>(ValidationPhase.class);
		for (ValidationPhase phase : ValidationPhase.values()) {
			ValidationCount before = earlier.validations(phase);
			ValidationCount since = now.validations(phase);
			validations.put(phase,
					new ValidationCount(before.valid() + since.valid(), before.invalid() + since.invalid()));
		}
		return new PoolStats(now.active(), now.idle(), now.pending(), now.creating(), now.size(), now.min(), now.max(),
				earlier.borrows() + now.borrows(), earlier.timeouts() + now.timeouts(), earlier.leaks() + now.leaks(),
				earlier.created() + now.created(), earlier.creationFailures() + now.creationFailures(),
				earlier.detached() + now.detached(), destroyed, validations,
				earlier.waits().plus(now.waits()), earlier.creations().plus(now.creations()));
	}

}
