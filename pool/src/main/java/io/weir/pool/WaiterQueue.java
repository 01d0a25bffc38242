package io.weir.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * Blocking and asynchronous borrowers in the order in which they came. One that gives up
 * stays in the queue until it is taken or swept away, so that giving up costs nothing.
 * Whoever takes a waiter out of the queue, and nobody else, tells it the outcome.
 */
final class WaiterQueue<T> {

	@SuppressWarnings("rawtypes") // there is no class literal of a generic type
	private static final AtomicIntegerFieldUpdater<WaiterQueue> ENTERED = AtomicIntegerFieldUpdater
		.newUpdater(WaiterQueue.class, "entered");

	private final ConcurrentLinkedQueue<Waiter<T>> queue = new ConcurrentLinkedQueue<>();

	/** At least the number of waiters in the queue: counted before they enter. */
	private volatile int entered;

	/** Whether somebody is in the queue or about to enter; one read. */
	boolean present() {
		return this.entered != 0;
	}

	/** Whether somebody is in the queue. */
	boolean isEmpty() {
		return this.queue.isEmpty();
	}

	void enter(Waiter<T> waiter) {
		ENTERED.incrementAndGet(this);
		this.queue.add(waiter);
	}

	/** The first who still waits; drops those before who gave up. */
	@Nullable Waiter<T> first() {
		Waiter<T> first = this.queue.peek();
		while (first != null && !first.isWaiting()) {
			remove(first);
			first = this.queue.peek();
		}
		return first;
	}

	/** Takes the first waiter; {@code null} if there is none. */
	@Nullable Waiter<T> poll() {
		Waiter<T> first = this.queue.poll();
		if (first != null) {
			ENTERED.decrementAndGet(this);
		}
		return first;
	}

	/** Takes those who are there now. */
	List<Waiter<T>> takeAll() {
		List<Waiter<T>> taken = new ArrayList<>();
		for (Waiter<T> waiter : this.queue) {
			if (remove(waiter)) {
				taken.add(waiter);
			}
		}
		return taken;
	}

	/** The waiters, those that gave up included. */
	Iterable<Waiter<T>> all() {
		return this.queue;
	}

	/** Takes this waiter; {@code false} if somebody else has taken it. */
	boolean remove(Waiter<T> waiter) {
		boolean removed = this.queue.remove(waiter);
		if (removed) {
			ENTERED.decrementAndGet(this);
		}
		return removed;
	}

	/** Drops those that gave up. */
	void sweep() {
		for (Waiter<T> waiter : this.queue) {
			if (!waiter.isWaiting()) {
				remove(waiter);
			}
		}
	}

	/** How many wait. */
	int waiting() {
		int count = 0;
		for (Waiter<T> waiter : this.queue) {
			if (waiter.isWaiting()) {
				count++;
			}
		}
		return count;
	}

}
