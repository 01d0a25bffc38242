package io.weir.pool;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A thread that waits, platform or virtual. The outcome is set once, by whoever comes
 * first: the lender, the sweeper, the closer, or the thread itself when it gives up.
 */
final class BlockingWaiter<T> extends Waiter<T> {

	private static final Object EXPIRED = new Object();

	private static final Object INTERRUPTED = new Object();

	private final Timekeeper time;

	private final Lender<T> lender;

	private final Thread thread = Thread.currentThread();

	/** A lease, an exception or a marker; {@code null} while it waits. */
	private final AtomicReference<@Nullable Object> outcome = new AtomicReference<>();

	/** Whether it was woken and has not looked for a slot since. */
	private volatile boolean woken;

	BlockingWaiter(Lender<T> lender, Timekeeper time, long now, long timeoutNanos) {
		super(now, timeoutNanos);
		this.lender = lender;
		this.time = time;
	}

	@Override
	boolean isWaiting() {
		return this.outcome.get() == null;
	}

	@Override
	boolean offer(SlotLease<T> lease) {
		return settle(lease);
	}

	@Override
	boolean wake() {
		if (!this.woken) {
			this.woken = true;
			LockSupport.unpark(this.thread);
		}
		return true;
	}

	@Override
	void expire(Supplier<BorrowTimeoutException> timeout) {
		// the waiting thread makes its own exception, for its stack trace
		settle(EXPIRED);
	}

	@Override
	void fail(PoolException failure) {
		settle(failure);
	}

	private boolean settle(Object result) {
		if (!this.outcome.compareAndSet(null, result)) {
			return false;
		}
		LockSupport.unpark(this.thread);
		return true;
	}

	/**
	 * Waits for the outcome.
	 * @return the lease; {@code null} if the time is over
	 */
	@SuppressWarnings("unchecked") // what is no marker and no exception is the lease
	@Nullable SlotLease<T> await() {
		Object result = this.outcome.get();
		while (result == null) {
			if (Thread.interrupted()) {
				settle(INTERRUPTED);
			}
			else if (!compete()) {
				park();
			}
			result = this.outcome.get();
		}
		// it may have been woken for a slot that it does not need
		this.lender.serveIfAwaited();
		if (result == INTERRUPTED) {
			this.thread.interrupt();
			throw new BorrowInterruptedException("Interrupted while waiting for a resource");
		}
		if (result instanceof PoolException failure) {
			throw failure;
		}
		return (result != EXPIRED) ? (SlotLease<T>) result : null;
	}

	/** Claims a slot for itself, if those who wait may do that now. */
	private boolean compete() {
		this.woken = false; // first: whoever frees a slot from now on wakes it again
		SlotLease<T> lease = this.lender.claimUnlessInOrder();
		if (lease == null) {
			return false;
		}
		if (settle(lease)) {
			this.lender.served(this);
		}
		else {
			lease.putBack();
		}
		return true;
	}

	private void park() {
		long now = this.time.nanoTime();
		long remaining = remaining(now);
		long patience = Lender.PATIENCE - (now - this.since);
		if (remaining <= 0) {
			settle(EXPIRED);
		}
		else if (patience > 0) {
			LockSupport.parkNanos(this, Math.min(remaining, patience));
		}
		else {
			this.lender.serve(); // sees that somebody has waited for too long
			LockSupport.parkNanos(this, remaining);
		}
	}

}
