package io.weir.pool;

import org.jspecify.annotations.Nullable;

/**
 * What the parts of one pool share.
 */
record PoolContext<T>(PoolConfig config, SizeLimits limits, Gate gate, SlotTable<T> table, WaiterQueue<T> waiters,
		LifecycleCalls<T> callbacks, Timekeeper time, Counters counters, GuardedListener listener) {

	static <T> PoolContext<T> of(PoolConfig config, ResourceLifecycle<T> lifecycle, @Nullable PoolListener listener,
			Timekeeper time) {
		return new PoolContext<>(config, new SizeLimits(config), new Gate(), new SlotTable<>(), new WaiterQueue<>(),
				new LifecycleCalls<>(config, lifecycle, time), time, new Counters(), new GuardedListener(listener));
	}

	/** The pool's name, for messages. */
	String name() {
		return this.config.name();
	}

}
