package io.weir.pool;

/**
 * Takes slots whose state is final out of the table and destroys their resources.
 */
final class Disposer<T> {

	private final PoolContext<T> pool;

	/** Runs on the maintenance thread after every resource that is destroyed. */
	private final Runnable afterwards;

	/** Resources being destroyed, which still count towards the maximum. */
	private int inFlight;

	Disposer(PoolContext<T> pool, Runnable afterwards) {
		this.pool = pool;
		this.afterwards = afterwards;
	}

	/** Disposes of a slot that the caller has just taken out of the pool. Any thread. */
	void dispose(Slot<T> slot, DestroyReason reason) {
		this.pool.time().execute(() -> {
			this.pool.table().remove(slot);
			destroy(slot.resource, reason);
		});
	}

	/** Destroys a resource that has no slot. Maintenance thread. */
	void destroy(T resource, DestroyReason reason) {
		this.inFlight++;
		this.pool.counters().destroyed(reason);
		this.pool.listener().tell((listener) -> listener.destroyed(reason));
		ResourceDestroyEvent event = new ResourceDestroyEvent(this.pool.name(), reason);
		event.begin();
		this.pool.callbacks().destroy(resource, reason, () -> {
			event.commit();
			this.inFlight--;
			this.afterwards.run();
		});
	}

	/** How many resources are being destroyed. Maintenance thread. */
	int inFlight() {
		return this.inFlight;
	}

}
