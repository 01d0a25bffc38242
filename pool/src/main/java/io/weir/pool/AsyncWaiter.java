package io.weir.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A borrower that waits for a future. The future itself decides the race between a lease,
 * a timeout and cancellation: whoever completes it first wins, and a lease that lost goes
 * back. A lease on its way to the borrower's executor is kept here, not in the executor's
 * task, which may never run: whoever takes it out delivers it or puts it back.
 */
final class AsyncWaiter<T> extends Waiter<T> {

	final CompletableFuture<Lease<T>> future = new CompletableFuture<>();

	private final Timekeeper time;

	private final @Nullable Executor deliverOn;

	private final AtomicReference<@Nullable SlotLease<T>> onItsWay = new AtomicReference<>();

	AsyncWaiter(Timekeeper time, long now, long timeoutNanos, @Nullable Executor deliverOn) {
		super(now, timeoutNanos);
		this.time = time;
		this.deliverOn = deliverOn;
	}

	@Override
	boolean isWaiting() {
		return !this.future.isDone();
	}

	@Override
	boolean offer(SlotLease<T> lease) {
		if (this.future.isDone()) {
			return false;
		}
		Executor executor = executor();
		if (executor == null) {
			return this.future.complete(lease);
		}
		this.onItsWay.set(lease);
		this.future.whenComplete((got, failure) -> putBack()); // now, if it is cancelled
		return deliver(executor, this::arrive);
	}

	private void arrive() {
		SlotLease<T> lease = this.onItsWay.getAndSet(null);
		if (lease != null && !this.future.complete(lease)) {
			lease.putBack();
		}
	}

	private void putBack() {
		SlotLease<T> lease = this.onItsWay.getAndSet(null);
		if (lease != null) {
			lease.putBack();
		}
	}

	@Override
	boolean wake() {
		return false;
	}

	@Override
	void expire(Supplier<BorrowTimeoutException> timeout) {
		fail(timeout.get());
	}

	@Override
	void fail(PoolException failure) {
		Executor executor = executor();
		if (executor == null) {
			this.future.completeExceptionally(failure);
		}
		else {
			deliver(executor, () -> this.future.completeExceptionally(failure));
		}
	}

	/**
	 * Where to deliver; {@code null} for here. The pool's own thread runs no strangers.
	 */
	private @Nullable Executor executor() {
		if (this.deliverOn == null && this.time.isCurrentThread()) {
			return this.future.defaultExecutor();
		}
		return this.deliverOn;
	}

	/** Returns whether whoever delivers needs to care no more for what is delivered. */
	private boolean deliver(Executor executor, Runnable delivery) {
		try {
			executor.execute(delivery);
			return true;
		}
		catch (Throwable ex) { // a claimed slot must not be lost, whatever is thrown
			// null if the executor ran the task before it threw, or the borrower
			// cancelled
			boolean undelivered = this.onItsWay.getAndSet(null) != null;
			this.future.completeExceptionally(new PoolException("The borrower's executor rejected the delivery", ex));
			return !undelivered;
		}
	}

}
