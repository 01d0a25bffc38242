package io.weir.pool;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.weir.time.DurationRange;

/**
 * The pool: its borrowing paths, and the wiring of those who do the rest.
 */
final class SlotPool<T> implements Pool<T> {

	private final PoolContext<T> pool;

	/** Looked at by every borrower. */
	private final Gate gate;

	private final Disposer<T> disposer;

	private final Lender<T> lender;

	private final Tester<T> tester;

	private final Creator<T> creator;

	private final Sweeper<T> sweeper;

	private final Closer<T> closer;

	private final AtomicBoolean demandAnnounced = new AtomicBoolean();

	private final long borrowTimeout;

	/** Whether a tick is to come. Maintenance thread. */
	private boolean ticking;

	SlotPool(PoolContext<T> pool) {
		this.pool = pool;
		this.gate = pool.gate();
		this.borrowTimeout = DurationRange.waitNanos(pool.config().borrowTimeout());
		this.disposer = new Disposer<>(pool, this::disposed);
		this.lender = isObserved(pool) ? new ObservedLender<>(pool, this.disposer) : new Lender<>(pool, this.disposer);
		this.tester = new Tester<>(pool, this.disposer, this.lender::becameIdle);
		this.creator = new Creator<>(pool, this.disposer, this.tester);
		this.sweeper = new Sweeper<>(pool, this.disposer, this.tester, this.creator);
		this.closer = new Closer<>(pool, this.disposer, this.creator);
	}

	private static boolean isObserved(PoolContext<?> pool) {
		return pool.listener().present() || !pool.config().leakDetectionThreshold().isZero();
	}

	void start() {
		this.pool.time().execute(() -> {
			this.creator.replenish();
			keepTicking();
		});
	}

	@Override
	public String name() {
		return this.pool.name();
	}

	@Override
	public Lease<T> borrow() {
		SlotLease<T> lease = borrowNow();
		return (lease != null) ? lease : await(this.borrowTimeout);
	}

	@Override
	public Lease<T> borrow(Duration timeout) {
		Objects.requireNonNull(timeout, "timeout");
		SlotLease<T> lease = borrowNow();
		return (lease != null) ? lease : await(DurationRange.waitNanos(timeout));
	}

	@Override
	public @Nullable Lease<T> tryBorrow() {
		SlotLease<T> lease = borrowNow();
		if (lease == null && this.pool.table().count(SlotWord.STALE) > 0) {
			this.pool.time().execute(() -> testStale(1));
		}
		return lease;
	}

	@Override
	public CompletionStage<Lease<T>> borrowAsync() {
		return borrowAsyncOn(null);
	}

	@Override
	public CompletionStage<Lease<T>> borrowAsync(Executor deliverOn) {
		Objects.requireNonNull(deliverOn, "deliverOn");
		return borrowAsyncOn(deliverOn);
	}

	private @Nullable SlotLease<T> borrowNow() {
		if (!this.gate.isOpen()) {
			if (this.gate.isClosing()) {
				throw new PoolClosedException(name());
			}
			return null;
		}
		return this.lender.lend();
	}

	private Lease<T> await(long timeoutNanos) {
		if (this.pool.time().isCurrentThread()) {
			throw new IllegalStateException("borrow() would block the pool's own thread: use borrowAsync()");
		}
		BorrowWaitEvent wait = BorrowWaitEvent.start(name());
		long start = this.pool.time().nanoTime();
		BlockingWaiter<T> waiter = new BlockingWaiter<>(this.lender, this.pool.time(), start, timeoutNanos);
		SlotLease<T> lease = null;
		try {
			enter(waiter);
			lease = waiter.await();
		}
		finally {
			wait.finish(lease != null);
		}
		if (lease == null) {
			throw timedOut(this.pool.time().nanoTime() - start, fullness());
		}
		return lease;
	}

	private CompletionStage<Lease<T>> borrowAsyncOn(@Nullable Executor deliverOn) {
		SlotLease<T> lease;
		try {
			lease = borrowNow();
		}
		catch (PoolClosedException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		if (lease != null) {
			return CompletableFuture.completedFuture(lease);
		}
		AsyncWaiter<T> waiter = new AsyncWaiter<>(this.pool.time(), this.pool.time().nanoTime(), this.borrowTimeout,
				deliverOn);
		BorrowWaitEvent wait = BorrowWaitEvent.start(name());
		if (wait.isEnabled()) {
			waiter.future.whenComplete((got, failure) -> wait.finish(got != null));
		}
		enter(waiter);
		return waiter.future;
	}

	/** Enters the queue, and then looks again: a slot may have become idle meanwhile. */
	private void enter(Waiter<T> waiter) {
		this.pool.waiters().enter(waiter);
		if (this.pool.config().strictFifo()) {
			this.gate.keepOrder();
		}
		this.lender.serve();
		if (waiter.isWaiting()) {
			// after entering: the closer may have looked before
			if (this.gate.isClosing() && this.pool.waiters().remove(waiter)) {
				waiter.fail(new PoolClosedException(name()));
			}
			announceDemand();
		}
	}

	private void announceDemand() {
		if (this.demandAnnounced.compareAndSet(false, true)) {
			this.pool.time().execute(this::meetDemand);
		}
	}

	private BorrowTimeoutException timedOut(long waited, String fullness) {
		this.pool.counters().timeouts.increment();
		this.pool.listener().tell((listener) -> listener.borrowTimedOut(waited));
		return new BorrowTimeoutException(
				String.format(Locale.ROOT, "Pool '%s': no resource became free within %d ms (%s)", name(),
						TimeUnit.NANOSECONDS.toMillis(waited), fullness),
				this.creator.lastFailure());
	}

	private String fullness() {
		PoolStats now = stats();
		return String.format(Locale.ROOT, "active %d, idle %d, creating %d, pending %d, max %d", now.active(),
				now.idle(), now.creating(), now.pending(), now.max());
	}

	@Override
	public CompletionStage<Void> ready() {
		return this.creator.ready().copy();
	}

	@Override
	public PoolStats stats() {
		SlotTable.Snapshot<T> snapshot = this.pool.table().snapshot();
		int active = 0;
		int idle = 0;
		for (Slot<T> slot : snapshot.slots) {
			long word = slot.word();
			active += SlotWord.isLent(word) ? 1 : 0;
			idle += (SlotWord.isLent(word) || SlotWord.isGone(word)) ? 0 : 1;
		}
		long borrows = this.pool.counters().borrows(snapshot.loans());
		long returns = this.pool.counters().returns(snapshot.returns());
		return new PoolStats(active, idle, this.pool.waiters().waiting(), this.creator.inFlight(), active + idle,
				this.pool.limits().min(), this.pool.limits().max(), borrows, this.pool.counters().timeouts.sum(),
				this.pool.counters().leaks.sum(), this.pool.counters().created.sum(),
				this.pool.counters().creationFailures.sum(), this.pool.counters().destroyedByReason(),
				this.pool.counters().validations(borrows, returns), this.pool.counters().waits.histogram(),
				this.pool.counters().creations.histogram());
	}

	@Override
	public int evict() {
		int evicted = 0;
		for (Slot<T> slot : this.pool.table().slots()) {
			if (slot.retireIdle()) {
				this.disposer.dispose(slot, DestroyReason.EVICTED);
				evicted++;
			}
		}
		return evicted;
	}

	@Override
	public void invalidateAll() {
		// First: what enters the table from now on is seen as old.
		this.creator.startNewGeneration();
		for (Slot<T> slot : this.pool.table().slots()) {
			if (slot.condemn(DestroyReason.INVALIDATED)) {
				this.disposer.dispose(slot, DestroyReason.INVALIDATED);
			}
		}
	}

	@Override
	public void resize(int minSize, int maxSize) {
		this.pool.limits().change(minSize, maxSize);
		this.pool.time().execute(() -> {
			this.creator.resized();
			keepTicking();
		});
	}

	@Override
	public CompletionStage<CloseReport> closeAsync(Duration grace) {
		Objects.requireNonNull(grace, "grace");
		return this.closer.close(DurationRange.waitNanos(grace));
	}

	@Override
	public void close() {
		CompletableFuture<CloseReport> closed = this.closer.close(0);
		if (this.pool.time().isCurrentThread()) {
			return; // it has to do what there would be to wait for
		}
		try {
			closed.get(DurationRange.waitNanos(this.pool.config().lifecycleTimeout()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// the rest goes on without us
		}
	}

	@Override
	public String toString() {
		PoolStats now = stats();
		return "Pool[" + name() + ", active=" + now.active() + ", idle=" + now.idle() + ", pending=" + now.pending()
				+ "]";
	}

	// On the maintenance thread.

	private void tick() {
		try {
			expireWaiters(this.pool.time().nanoTime());
			supply();
			this.sweeper.sweep();
			this.closer.check();
		}
		finally {
			this.ticking = false;
			if (!isAtRest()) {
				keepTicking();
			}
		}
	}

	/**
	 * Whether there is nothing to look at until somebody wants something, who then has
	 * {@link #meetDemand} run. So that thousands of pools may lie idle.
	 */
	private boolean isAtRest() {
		return this.creator.isAtRest() && this.pool.waiters().isEmpty() && !this.gate.isClosing();
	}

	private void keepTicking() {
		if (!this.ticking && !this.closer.isClosed()) {
			this.ticking = true;
			this.pool.time().schedule(this::tick, this.pool.config().tickNanos());
		}
	}

	private void expireWaiters(long now) {
		// Read once, since it counts the waiters, of whom there may be many.
		String fullness = null;
		for (Waiter<T> waiter : this.pool.waiters().all()) {
			if (waiter.isDue(now) && waiter.isWaiting()) {
				String found = (fullness != null) ? fullness : fullness();
				fullness = found;
				if (this.pool.waiters().remove(waiter)) {
					waiter.expire(() -> timedOut(now - waiter.since, found));
				}
			}
		}
		this.pool.waiters().sweep();
	}

	private void meetDemand() {
		this.demandAnnounced.set(false); // first: who comes from now on announces itself
		supply();
		keepTicking();
	}

	/**
	 * Does for those who wait what can be done. With every tick as well: a waiter that
	 * was woken may get no processor, a test or creation that was to serve one may hang,
	 * and if all gave up the order that was kept for them has to be given up too.
	 */
	private void supply() {
		this.lender.serve();
		testStale(this.creator.unserved(this.pool.time().nanoTime()));
		this.creator.replenish();
	}

	private void testStale(int wanted) {
		int missing = wanted;
		for (Slot<T> slot : this.pool.table().slots()) {
			long word = slot.word();
			if (missing > 0 && SlotWord.status(word) == SlotWord.STALE) {
				this.tester.test(slot, word, ValidationPhase.BORROW);
				missing--;
			}
		}
	}

	private void disposed() {
		this.creator.replenish();
		this.closer.check();
	}

}
