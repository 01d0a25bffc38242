package io.weir.pool;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Claims slots, takes them back and matches them with waiters: the hot path. Any thread
 * may do any of this at any time; a loan costs one compare-and-set at each end.
 *
 * <p>
 * A waiting thread is woken to claim a slot itself, in competition with newcomers: to
 * hand it one would leave the slot unused until the thread runs. But as long as the first
 * waiter has waited for longer than {@link #PATIENCE}, or always if so configured, order
 * is kept: newcomers queue, and leases are handed over. Asynchronous waiters are always
 * handed theirs.
 *
 * <p>
 * No wake-up is lost: a waiter enters the queue and then looks for an idle slot; whoever
 * makes a slot idle does so and then looks for waiters.
 */
class Lender<T> {

	/** How long a waiter is overtaken, in nanoseconds. */
	static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(1);

	private final boolean strictFifo;

	private final Gate gate;

	private final SlotTable<T> table;

	private final Slot<T>[] homes;

	private final WaiterQueue<T> waiters;

	private final LifecycleCalls<T> callbacks;

	private final Timekeeper time;

	private final Counters counters;

	private final Disposer<T> disposer;

	/** The threads that are serving waiters. */
	private final Set<Thread> serving = ConcurrentHashMap.newKeySet();

	Lender(PoolContext<T> pool, Disposer<T> disposer) {
		this.strictFifo = pool.config().strictFifo();
		this.gate = pool.gate();
		this.table = pool.table();
		this.homes = this.table.homes();
		this.waiters = pool.waiters();
		this.callbacks = pool.callbacks();
		this.time = pool.time();
		this.counters = pool.counters();
		this.disposer = disposer;
	}

	/** Claims for a newcomer; {@code null} if nothing is idle. */
	@Nullable SlotLease<T> lend() {
		return claim();
	}

	/** Claims an idle slot that passes the cheap test; {@code null} if there is none. */
	final @Nullable SlotLease<T> claim() {
		SlotLease<T> lease = claim(SlotTable.home(this.homes));
		return (lease != null) ? lease : search();
	}

	private @Nullable SlotLease<T> search() {
		IdleSearch<T> search = this.table.search();
		for (Slot<T> slot = search.next(); slot != null; slot = search.next()) {
			SlotLease<T> lease = claim(slot);
			if (lease != null) {
				this.table.settle(slot);
				return lease;
			}
		}
		return null;
	}

	private @Nullable SlotLease<T> claim(Slot<T> slot) {
		long loan = slot.tryLend();
		return (loan != 0 && admit(slot, loan)) ? new SlotLease<>(this, slot, loan) : null;
	}

	/**
	 * As {@link #claim()}, for one who waits and may only do so while order is not kept.
	 */
	final @Nullable SlotLease<T> claimUnlessInOrder() {
		return this.gate.isInOrder() ? null : claim();
	}

	private boolean admit(Slot<T> slot, long loan) {
		boolean usable = this.callbacks.isUsable(slot.resource);
		claimed(slot, loan, usable);
		if (!usable) {
			this.counters.unusableOnBorrow.increment();
			this.counters.validated(ValidationPhase.BORROW, false);
			if (slot.endLoan(loan)) {
				this.disposer.dispose(slot, DestroyReason.INVALID);
			}
		}
		return usable;
	}

	/** Ends a loan: the slot becomes idle, or its resource is destroyed. */
	final void takeBack(Slot<T> slot, long loan) {
		if (!slot.isOn(loan)) {
			return;
		}
		long lentAt = lentAt(slot);
		boolean usable = this.callbacks.isUsable(slot.resource);
		if (usable && slot.release(loan)) {
			returned(lentAt, true);
			becameIdle(slot);
		}
		else if (slot.endLoan(loan)) {
			// the state words count those tests only after which the slot is idle again
			this.counters.validated(ValidationPhase.RETURN, usable);
			returned(lentAt, usable);
			this.disposer.dispose(slot, usable ? slot.reasonToDestroy : DestroyReason.INVALID);
		}
	}

	/** Ends a loan whose borrower says that the resource is broken. */
	final void discard(Slot<T> slot, long loan) {
		long lentAt = lentAt(slot);
		if (slot.endLoan(loan)) {
			ended(lentAt);
			this.disposer.dispose(slot, DestroyReason.INVALIDATED);
		}
	}

	/** Ends a loan that reached no borrower. */
	final void putBack(Slot<T> slot, long loan) {
		if (slot.release(loan)) {
			this.counters.putBacks.increment();
			becameIdle(slot);
		}
		else if (slot.endLoan(loan)) {
			this.disposer.dispose(slot, slot.reasonToDestroy);
		}
	}

	/** To be called when a slot has become idle. */
	final void becameIdle(Slot<T> slot) {
		this.table.hint(slot);
		serveIfAwaited();
	}

	/** To be called when a waiter has got its lease. */
	final void served(Waiter<T> waiter) {
		long wait = this.time.nanoTime() - waiter.since;
		this.counters.waits.record(wait);
		borrowed(wait);
	}

	/** Serves waiters if there are any; one read if not. */
	final void serveIfAwaited() {
		if (this.waiters.present()) {
			serve();
		}
	}

	/**
	 * Gives idle slots to waiters until one of the two has run out. A waiter's own code
	 * may run in here and end its lease or borrow again: that must not recurse, and need
	 * not, since this loop goes on.
	 */
	final void serve() {
		Thread me = Thread.currentThread();
		if (!this.serving.add(me)) {
			return;
		}
		try {
			while (serveNext()) {
				// until one of the two has run out
			}
		}
		finally {
			this.serving.remove(me);
		}
	}

	private boolean serveNext() {
		Waiter<T> first = this.waiters.first();
		if (first == null) {
			giveUpOrder();
			return false;
		}
		if (!keepOrder(first) && this.table.hasIdle() && first.wake()) {
			return false; // it serves the others when it has got its own
		}
		SlotLease<T> lease = claim();
		if (lease != null) {
			hand(lease);
		}
		// If so look again: somebody may have come while the slot was claimed.
		return lease != null;
	}

	private void hand(SlotLease<T> lease) {
		Waiter<T> waiter = this.waiters.poll();
		while (waiter != null && !waiter.offer(lease)) {
			waiter = this.waiters.poll();
		}
		if (waiter == null) {
			lease.putBack();
		}
		else {
			served(waiter);
		}
	}

	/** Whether order has to be kept now for the sake of the first waiter. */
	private boolean keepOrder(Waiter<T> first) {
		boolean keep = this.strictFifo || this.time.nanoTime() - first.since >= PATIENCE;
		if (keep) {
			this.gate.keepOrder();
		}
		else {
			this.gate.giveUpOrder();
		}
		return keep;
	}

	private void giveUpOrder() {
		this.gate.giveUpOrder();
		Waiter<T> first = this.waiters.first();
		if (first != null) { // somebody has come meanwhile
			keepOrder(first);
		}
	}

	// What an observer adds. Overridden rather than asked for by flags, since five flags
	// would be an eighth of what a borrow and return cost.

	/** When the slot was lent. */
	long lentAt(Slot<T> slot) {
		return 0;
	}

	/** A slot was claimed, and tested. */
	void claimed(Slot<T> slot, long loan, boolean usable) {
	}

	/** A borrower has its lease. */
	void borrowed(long wait) {
	}

	/** A loan ended with a test. */
	void returned(long lentAt, boolean usable) {
	}

	/** A loan ended without a test. */
	void ended(long lentAt) {
	}

}
