package io.weir.pool;

import org.jspecify.annotations.Nullable;

/**
 * Tells a listener of loans, for which it reads the clock, and traces some. Either may be
 * wanted without the other.
 */
final class ObservedLender<T> extends Lender<T> {

	private final boolean tracesLoans;

	private final Timekeeper time;

	private final GuardedListener listener;

	ObservedLender(PoolContext<T> pool, Disposer<T> disposer) {
		super(pool, disposer);
		this.tracesLoans = !pool.config().leakDetectionThreshold().isZero();
		this.time = pool.time();
		this.listener = pool.listener();
	}

	@Override
	@Nullable SlotLease<T> lend() {
		long start = now();
		SlotLease<T> lease = claim();
		if (lease != null) {
			borrowed(now() - start);
		}
		return lease;
	}

	/** The time, or nothing if nobody is told. */
	private long now() {
		return this.listener.present() ? this.time.nanoTime() : 0;
	}

	@Override
	long lentAt(Slot<T> slot) {
		return slot.lentAt;
	}

	@Override
	void claimed(Slot<T> slot, long loan, boolean usable) {
		slot.lentAt = now();
		this.listener.tell((listener) -> listener.validated(ValidationPhase.BORROW, usable));
		if (this.tracesLoans && BorrowTrace.isDue(loan)) {
			slot.trace = new BorrowTrace(loan);
		}
	}

	@Override
	void borrowed(long wait) {
		this.listener.tell((listener) -> listener.borrowed(wait));
	}

	@Override
	void returned(long lentAt, boolean usable) {
		this.listener.tell((listener) -> listener.validated(ValidationPhase.RETURN, usable));
		ended(lentAt);
	}

	@Override
	void ended(long lentAt) {
		long usage = now() - lentAt;
		this.listener.tell((listener) -> listener.returned(usage));
	}

}
