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

	private final PoolConfig config;

	private final Gate gate;

	private final SlotTable<T> table;

	private final WaiterQueue<T> waiters;

	private final Timekeeper time;

	private final Undertaker<T> undertaker;

	private final Creator<T> creator;

	private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

	private final List<Future<?>> deadlines = new ArrayList<>();

	private @Nullable CloseReport report;

	Closer(PoolConfig config, Gate gate, SlotTable<T> table, WaiterQueue<T> waiters, Timekeeper time,
			Undertaker<T> undertaker, Creator<T> creator) {
		this.config = config;
		this.gate = gate;
		this.table = table;
		this.waiters = waiters;
		this.time = time;
		this.undertaker = undertaker;
		this.creator = creator;
	}

	boolean isClosed() {
		return this.closed.isDone();
	}

	/** Any thread. */
	CompletableFuture<CloseReport> close(long graceNanos) {
		this.gate.close();
		if (graceNanos == 0) {
			this.time.execute(this::finish);
		}
		else {
			this.time.execute(() -> await(graceNanos));
		}
		return this.closed.copy();
	}

	private void await(long graceNanos) {
		check();
		if (this.report == null) {
			this.deadlines.add(this.time.schedule(this::finish, graceNanos));
		}
	}

	/** Goes on with closing, if it is due. */
	void check() {
		if (!this.gate.isClosing()) {
			return;
		}
		if (this.report == null && this.waiters.isEmpty() && lent() == 0) {
			finish();
		}
		CloseReport found = this.report;
		if (found != null && this.table.size() == 0 && this.undertaker.dying() == 0 && !this.closed.isDone()) {
			this.time.close();
			this.closed.completeAsync(() -> found);
		}
	}

	private int lent() {
		return this.table.count(SlotWord.LENT) + this.table.count(SlotWord.LENT_DOOMED);
	}

	private void finish() {
		if (this.report != null) {
			return;
		}
		this.creator.stop();
		this.deadlines.forEach((deadline) -> deadline.cancel(false));
		int failed = 0;
		for (Waiter<T> waiter = this.waiters.poll(); waiter != null; waiter = this.waiters.poll()) {
			failed += waiter.isWaiting() ? 1 : 0;
			waiter.fail(new PoolClosedException(this.config.name()));
		}
		int stillLent = 0;
		for (Slot<T> slot : this.table.slots()) {
			long before = slot.kill();
			stillLent += SlotWord.isLent(before) ? 1 : 0;
			if (!SlotWord.isGone(before)) {
				this.undertaker.bury(slot, DestroyReason.CLOSED);
			}
		}
		this.report = new CloseReport(stillLent, failed);
		check();
	}

}
