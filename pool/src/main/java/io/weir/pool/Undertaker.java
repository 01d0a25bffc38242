package io.weir.pool;

/**
 * Takes slots whose state is final out of the table and destroys their resources.
 */
final class Undertaker<T> {

	private final String poolName;

	private final SlotTable<T> table;

	private final Callbacks<T> callbacks;

	private final Timekeeper time;

	private final Counters counters;

	private final GuardedListener listener;

	/** Runs on the maintenance thread after every burial. */
	private final Runnable afterwards;

	/** Resources being destroyed, which still count towards the maximum. */
	private int dying;

	Undertaker(String poolName, SlotTable<T> table, Callbacks<T> callbacks, Timekeeper time, Counters counters,
			GuardedListener listener, Runnable afterwards) {
		this.poolName = poolName;
		this.table = table;
		this.callbacks = callbacks;
		this.time = time;
		this.counters = counters;
		this.listener = listener;
		this.afterwards = afterwards;
	}

	/** Buries a slot that the caller has just taken out of the pool. Any thread. */
	void bury(Slot<T> slot, DestroyReason reason) {
		this.time.execute(() -> {
			this.table.remove(slot);
			destroy(slot.resource, reason);
		});
	}

	/** Takes a slot out of the table whose resource lives on elsewhere. Any thread. */
	void release(Slot<T> slot) {
		this.time.execute(() -> {
			this.table.remove(slot);
			this.afterwards.run();
		});
	}

	/** Destroys a resource that has no slot. Maintenance thread. */
	void destroy(T resource, DestroyReason reason) {
		this.dying++;
		this.counters.destroyed(reason);
		this.listener.tell((listener) -> listener.destroyed(reason));
		ResourceDestroyEvent event = new ResourceDestroyEvent(this.poolName, reason);
		event.begin();
		this.callbacks.destroy(resource, reason, () -> {
			event.commit();
			this.dying--;
			this.afterwards.run();
		});
	}

	/** How many resources are being destroyed. Maintenance thread. */
	int dying() {
		return this.dying;
	}

}
