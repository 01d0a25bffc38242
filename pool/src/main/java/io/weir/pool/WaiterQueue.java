package io.weir.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * Blocking and asynchronous borrowers in the order in which they came. Whoever takes a
 * waiter out, and nobody else, tells it the outcome. One that gives up or is taken from
 * the middle stays where it is until the queue gets to it or is swept, so that neither
 * costs a search.
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

	/** Whether nobody waits in the queue. */
	boolean isEmpty() {
		return first() == null;
	}

	void enter(Waiter<T> waiter) {
		ENTERED.incrementAndGet(this);
		this.queue.add(waiter);
	}

	/** The first who still waits; drops those before who gave up. */
	@Nullable Waiter<T> first() {
		Waiter<T> first = this.queue.peek();
		while (first != null && !isWaiting(first)) {
			remove(first);
			this.queue.remove(first); // finds it at once
			first = this.queue.peek();
		}
		return first;
	}

	/** Takes the first waiter; {@code null} if there is none. */
	@Nullable Waiter<T> poll() {
		Waiter<T> first = this.queue.poll();
		while (first != null && !remove(first)) {
			first = this.queue.poll();
		}
		return first;
	}

	/** Takes all waiters. */
	List<Waiter<T>> takeAll() {
		List<Waiter<T>> taken = new ArrayList<>();
		for (Waiter<T> waiter = poll(); waiter != null; waiter = poll()) {
			taken.add(waiter);
		}
		return taken;
	}

	/** The waiters, those that gave up or were taken included. */
	Iterable<Waiter<T>> all() {
		return this.queue;
	}

	/** Takes this waiter; {@code false} if somebody else has taken it. */
	boolean remove(Waiter<T> waiter) {
		boolean taken = waiter.leave();
		if (taken) {
			ENTERED.decrementAndGet(this);
		}
		return taken;
	}

	/** Drops those that gave up or were taken. */
	void sweep() {
		this.queue.removeIf((waiter) -> {
			if (!waiter.isWaiting()) {
				remove(waiter);
			}
			return waiter.hasLeft();
		});
	}

	/** How many wait. */
	int waiting() {
		int count = 0;
		for (Waiter<T> waiter : this.queue) {
			count += isWaiting(waiter) ? 1 : 0;
		}
		return count;
	}

	private static boolean isWaiting(Waiter<?> waiter) {
		return waiter.isWaiting() && !waiter.hasLeft();
	}

}
