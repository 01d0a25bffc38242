package io.weir.pool;

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Tells a listener of loans and traces some, for which it reads the clock.
 */
final class ObservedLender<T> extends Lender<T> {

	private final boolean tracesLoans;

	private final Timekeeper time;

	private final GuardedListener listener;

	ObservedLender(PoolConfig config, Gate gate, SlotTable<T> table, WaiterQueue<T> waiters, Callbacks<T> callbacks,
			Timekeeper time, Counters counters, Undertaker<T> undertaker, @Nullable Predicate<? super T> affinity,
			GuardedListener listener) {
		super(config, gate, table, waiters, callbacks, time, counters, undertaker, affinity);
		this.tracesLoans = !config.leakDetectionThreshold().isZero();
		this.time = time;
		this.listener = listener;
	}

	@Override
	@Nullable SlotLease<T> lend() {
		long start = this.time.nanoTime();
		SlotLease<T> lease = claim();
		if (lease != null) {
			borrowed(start);
		}
		return lease;
	}

	@Override
	long lentAt(Slot<T> slot) {
		return slot.lentAt;
	}

	@Override
	void claimed(Slot<T> slot, long loan, boolean usable) {
		slot.lentAt = this.time.nanoTime();
		this.listener.tell((listener) -> listener.validated(ValidationPhase.BORROW, usable));
		if (this.tracesLoans && BorrowTrace.isDue(loan)) {
			slot.trace = new BorrowTrace(loan);
		}
	}

	@Override
	void borrowed(long since) {
		long wait = this.time.nanoTime() - since;
		this.listener.tell((listener) -> listener.borrowed(wait));
	}

	@Override
	void returned(long lentAt, boolean usable) {
		this.listener.tell((listener) -> listener.validated(ValidationPhase.RETURN, usable));
		ended(lentAt);
	}

	@Override
	void ended(long lentAt) {
		long usage = this.time.nanoTime() - lentAt;
		this.listener.tell((listener) -> listener.returned(usage));
	}

}
