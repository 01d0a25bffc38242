package io.weir.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A borrower that waits for a future. The future itself decides the race between a lease,
 * a timeout and cancellation: whoever completes it first wins, and a lease that lost goes
 * back.
 */
final class AsyncWaiter<T> extends Waiter<T> {

	final CompletableFuture<Lease<T>> future = new CompletableFuture<>();

	private final Timekeeper time;

	private final @Nullable Executor deliverOn;

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
		return deliver(executor, () -> {
			if (!this.future.complete(lease)) {
				lease.putBack();
			}
		});
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

	private boolean deliver(Executor executor, Runnable delivery) {
		try {
			executor.execute(delivery);
			return true;
		}
		catch (RuntimeException ex) {
			this.future.completeExceptionally(new PoolException("The borrower's executor rejected the delivery", ex));
			return false;
		}
	}

}
