package io.weir.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * Closes the pool: waits for leases, fails those who wait, destroys everything. Runs on
 * the maintenance thread, except where noted.
 */
final class Closer<T> {

	private final PoolContext<T> pool;

	private final Disposer<T> disposer;

	private final Creator<T> creator;

	private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

	private final List<Future<?>> deadlines = new ArrayList<>();

	private @Nullable CloseReport report;

	Closer(PoolContext<T> pool, Disposer<T> disposer, Creator<T> creator) {
		this.pool = pool;
		this.disposer = disposer;
		this.creator = creator;
	}

	boolean isClosed() {
		return this.closed.isDone();
	}

	/** Any thread. */
	CompletableFuture<CloseReport> close(long graceNanos) {
		this.pool.gate().close();
		if (graceNanos == 0) {
			this.pool.time().execute(this::finish);
		}
		else {
			this.pool.time().execute(() -> await(graceNanos));
		}
		return this.closed.copy();
	}

	private void await(long graceNanos) {
		check();
		if (this.report == null) {
			this.deadlines.add(this.pool.time().schedule(this::finish, graceNanos));
		}
	}

	/** Goes on with closing, if it is due. */
	void check() {
		if (!this.pool.gate().isClosing()) {
			return;
		}
		if (this.report == null && this.pool.waiters().isEmpty() && lent() == 0) {
			finish();
		}
		CloseReport found = this.report;
		if (found != null && this.pool.table().size() == 0 && this.disposer.inFlight() == 0 && !this.closed.isDone()) {
			this.pool.time().close();
			this.closed.completeAsync(() -> found);
		}
	}

	private int lent() {
		return this.pool.table().count(SlotWord.LENT) + this.pool.table().count(SlotWord.LENT_CONDEMNED);
	}

	private void finish() {
		if (this.report != null) {
			return;
		}
		this.creator.stop();
		this.deadlines.forEach((deadline) -> deadline.cancel(false));
		int failed = 0;
		for (Waiter<T> waiter = this.pool.waiters().poll(); waiter != null; waiter = this.pool.waiters().poll()) {
			failed += waiter.isWaiting() ? 1 : 0;
			waiter.fail(new PoolClosedException(this.pool.name()));
		}
		int stillLent = 0;
		for (Slot<T> slot : this.pool.table().slots()) {
			long before = slot.kill();
			stillLent += SlotWord.isLent(before) ? 1 : 0;
			if (!SlotWord.isGone(before)) {
				this.disposer.dispose(slot, DestroyReason.CLOSED);
			}
		}
		this.report = new CloseReport(stillLent, failed);
		check();
	}

}
