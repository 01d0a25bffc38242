package io.weir.pool;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A borrower in the queue. Exactly one of {@link #offer}, {@link #expire}, {@link #fail}
 * and the borrower's own change of mind takes effect.
 */
abstract class Waiter<T> {

	final long since;

	private final long deadline;

	private final AtomicBoolean left = new AtomicBoolean();

	Waiter(long now, long timeoutNanos) {
		this.since = now;
		this.deadline = now + timeoutNanos;
	}

	final long remaining(long now) {
		return this.deadline - now;
	}

	/** Whether its time is over. */
	final boolean isDue(long now) {
		return remaining(now) <= 0;
	}

	/** Marks it as taken out of the queue; {@code false} if it was. */
	final boolean leave() {
		return this.left.compareAndSet(false, true);
	}

	/** Whether it was taken out of the queue. */
	final boolean hasLeft() {
		return this.left.get();
	}

	/** Whether it still wants a lease. */
	abstract boolean isWaiting();

	/**
	 * Gives it a lease.
	 * @return whether it took responsibility for the lease
	 */
	abstract boolean offer(SlotLease<T> lease);

	/**
	 * Wakes it so that it claims a slot itself, in competition with newcomers.
	 * @return whether it can do that; if not, it must be given a lease
	 */
	abstract boolean wake();

	/** Tells it that its time is over. */
	abstract void expire(Supplier<BorrowTimeoutException> timeout);

	/** Tells it that it will not be served. */
	abstract void fail(PoolException failure);

}
