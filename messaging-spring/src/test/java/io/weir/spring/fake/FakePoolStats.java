package io.weir.spring.fake;

import java.util.Map;

import io.weir.pool.DurationHistogram;
import io.weir.pool.PoolStats;

/** Figures of a pool. */
public final class FakePoolStats {

	private FakePoolStats() {
	}

	/** A pool of 2 to 100 streams. */
	public static PoolStats of(int active, int idle, int pending, long creationFailures) {
		return new PoolStats(active, idle, pending, 0, active + idle, 2, 100, 0, 0, 0, 0, creationFailures, Map.of(),
				Map.of(), DurationHistogram.EMPTY, DurationHistogram.EMPTY);
	}

}
