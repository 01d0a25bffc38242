package io.weir.client.internal.connection;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.pool.Pool;
import io.weir.pool.PoolStats;
import io.weir.transport.RequestStream;

/**
 * The stream pools of one connection manager under one name: that of the present
 * connection, and what those of earlier ones counted. Safe to use from any thread.
 */
final class StreamPools {

	/** Those that are not yet wholly closed. */
	@GuardedBy("this")
	private final Set<Pool<RequestStream>> open = new LinkedHashSet<>();

	/** The figures while there is no pool, with the sizes as of now. */
	@GuardedBy("this")
	private PoolStats none;

	/** Whether the sizes are others than those that pools are made with. */
	@GuardedBy("this")
	private boolean resized;

	/** What those counted that are closed. */
	@GuardedBy("this")
	private PoolStats earlier;

	@GuardedBy("this")
	private @Nullable Pool<RequestStream> current;

	StreamPools(int min, int max) {
		this.none = PoolStats.of(0, 0, 0, min, max);
		this.earlier = this.none;
	}

	synchronized void opened(Pool<RequestStream> pool) {
		this.open.add(pool);
		this.current = pool;
		if (this.resized) {
			pool.resize(this.none.min(), this.none.max());
		}
	}

	synchronized void resize(int min, int max) {
		this.resized = true;
		this.none = PoolStats.of(0, 0, 0, min, max);
		if (this.current != null) {
			this.current.resize(min, max);
		}
	}

	/**
	 * Ends the streams of a pool at once, also those that are lent. Harmless when that
	 * was done.
	 * @param pool the pool
	 * @return completes when they have ended
	 */
	CompletionStage<Void> retire(Pool<RequestStream> pool) {
		pool.invalidateAll();
		return pool.closeAsync(Duration.ZERO).thenAccept((report) -> closed(pool));
	}

	private synchronized void closed(Pool<RequestStream> pool) {
		if (this.open.remove(pool)) {
			this.earlier = this.earlier.plusCountersOf(pool.stats());
		}
		if (this.current == pool) {
			this.current = null;
		}
	}

	synchronized PoolStats stats() {
		PoolStats sum = (this.current != null) ? this.current.stats() : this.none;
		for (Pool<RequestStream> pool : this.open) {
			sum = (pool != this.current) ? sum.plusCountersOf(pool.stats()) : sum;
		}
		return sum.plusCountersOf(this.earlier);
	}

	synchronized void evict() {
		if (this.current != null) {
			this.current.evict();
		}
	}

}
