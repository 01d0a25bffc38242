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
final class Lender<T> {

	/** How long a waiter is overtaken, in nanoseconds. */
	static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(1);

	private final boolean strictFifo;

	private final boolean tracesLoans;

	private final Gate gate;

	private final SlotTable<T> table;

	private final WaiterQueue<T> waiters;

	private final Callbacks<T> callbacks;

	private final Timekeeper time;

	private final Counters counters;

	private final GuardedListener listener;

	private final Undertaker<T> undertaker;

	/**
	 * Whether anybody listens; read here, for it is read at every turn of the hot path.
	 */
	private final boolean told;

	/** The threads that are serving waiters. */
	private final Set<Thread> serving = ConcurrentHashMap.newKeySet();

	Lender(PoolConfig config, Gate gate, SlotTable<T> table, WaiterQueue<T> waiters, Callbacks<T> callbacks,
			Timekeeper time, Counters counters, GuardedListener listener, Undertaker<T> undertaker) {
		this.strictFifo = config.strictFifo();
		this.tracesLoans = !config.leakDetectionThreshold().isZero();
		this.gate = gate;
		this.table = table;
		this.waiters = waiters;
		this.callbacks = callbacks;
		this.time = time;
		this.counters = counters;
		this.listener = listener;
		this.told = listener.present();
		this.undertaker = undertaker;
	}

	/** Claims for a newcomer; {@code null} if nothing is idle. */
	@Nullable SlotLease<T> lend() {
		if (!this.told) {
			return claim();
		}
		long start = this.time.nanoTime();
		SlotLease<T> lease = claim();
		if (lease != null) {
			tellBorrowed(start);
		}
		return lease;
	}

	/** Claims an idle slot that passes the cheap test; {@code null} if there is none. */
	@Nullable SlotLease<T> claim() {
		Slot<T>[] slots = this.table.slots();
		int length = slots.length;
		int index = home(length);
		for (int i = 0; i < length; i++) {
			Slot<T> slot = slots[index];
			long loan = slot.tryLend();
			if (loan != 0 && admit(slot, loan)) {
				return new SlotLease<>(this, slot, loan);
			}
			index = (index + 1 == length) ? 0 : index + 1;
		}
		return null;
	}

	/**
	 * Where the calling thread starts to search. Threads that start apart meet less, and
	 * one that starts where it did before finds the slot in its cache. Thread ids are
	 * consecutive, so a mask spreads them as well as a division, which would cost as much
	 * as the claim itself.
	 */
	private static int home(int length) {
		int mask = -1 >>> Integer.numberOfLeadingZeros(length); // a power of two, minus
																// one
		int index = (int) Thread.currentThread().getId() & mask;
		return (index < length) ? index : index - length;
	}

	/**
	 * As {@link #claim()}, for one who waits and may only do so while order is not kept.
	 */
	@Nullable SlotLease<T> claimUnlessInOrder() {
		return (this.gate.isInOrder() || this.gate.isSuspended()) ? null : claim();
	}

	private boolean admit(Slot<T> slot, long loan) {
		boolean usable = this.callbacks.isUsable(slot.resource);
		if (this.told) {
			slot.lentAt = this.time.nanoTime();
			this.listener.tell((listener) -> listener.validated(ValidationPhase.BORROW, usable));
		}
		if (this.tracesLoans && BorrowTrace.isDue(loan)) {
			slot.trace = new BorrowTrace(loan);
		}
		if (!usable) {
			this.counters.unusableOnBorrow.increment();
			this.counters.validated(ValidationPhase.BORROW, false);
			if (slot.endLoan(loan)) {
				this.undertaker.bury(slot, DestroyReason.INVALID);
			}
		}
		return usable;
	}

	/** Ends a loan: the slot becomes idle, or its resource is destroyed. */
	void takeBack(Slot<T> slot, long loan) {
		if (!slot.isOn(loan)) {
			return;
		}
		long lentAt = lentAt(slot);
		boolean usable = this.callbacks.isUsable(slot.resource);
		if (usable && slot.release(loan)) {
			tellReturned(lentAt, true);
			serveIfAwaited();
		}
		else if (slot.endLoan(loan)) {
			if (!usable) {
				this.counters.validated(ValidationPhase.RETURN, false);
			}
			tellReturned(lentAt, usable);
			this.undertaker.bury(slot, usable ? slot.doomReason : DestroyReason.INVALID);
		}
	}

	/** Ends a loan whose borrower says that the resource is broken. */
	void discard(Slot<T> slot, long loan) {
		long lentAt = lentAt(slot);
		if (slot.endLoan(loan)) {
			tellEnded(lentAt);
			this.undertaker.bury(slot, DestroyReason.INVALIDATED);
		}
	}

	/** Ends a loan whose borrower keeps the resource; {@code false} if it has ended. */
	boolean detach(Slot<T> slot, long loan) {
		long lentAt = lentAt(slot);
		if (!slot.endLoan(loan)) {
			return false;
		}
		this.counters.detached.increment();
		tellEnded(lentAt);
		this.undertaker.release(slot);
		return true;
	}

	private long lentAt(Slot<T> slot) {
		return this.told ? slot.lentAt : 0;
	}

	private void tellEnded(long lentAt) {
		if (this.told) {
			long usage = this.time.nanoTime() - lentAt;
			this.listener.tell((listener) -> listener.returned(usage));
		}
	}

	/** Ends a loan that reached no borrower. */
	void putBack(Slot<T> slot, long loan) {
		if (slot.release(loan)) {
			this.counters.putBacks.increment();
			serveIfAwaited();
		}
		else if (slot.endLoan(loan)) {
			this.undertaker.bury(slot, slot.doomReason);
		}
	}

	private void tellReturned(long lentAt, boolean usable) {
		if (this.told) {
			long usage = this.time.nanoTime() - lentAt;
			this.listener.tell((listener) -> {
				listener.validated(ValidationPhase.RETURN, usable);
				listener.returned(usage);
			});
		}
	}

	void tellBorrowed(long since) {
		if (this.told) {
			long wait = this.time.nanoTime() - since;
			this.listener.tell((listener) -> listener.borrowed(wait));
		}
	}

	/** Serves waiters if there are any; one read if not. */
	void serveIfAwaited() {
		if (this.waiters.present()) {
			serve();
		}
	}

	/**
	 * Gives idle slots to waiters until one of the two has run out. A waiter's own code
	 * may run in here and end its lease or borrow again: that must not recurse, and need
	 * not, since this loop goes on.
	 */
	void serve() {
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
		if (this.gate.isSuspended()) {
			return false;
		}
		if (!keepOrder(first) && this.table.count(SlotWord.IDLE) > 0 && first.wake()) {
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
			tellBorrowed(waiter.since);
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
		if (!this.waiters.isEmpty()) { // somebody has come meanwhile
			this.gate.keepOrder();
		}
	}

}
