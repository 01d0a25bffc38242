package io.weir.pool;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.weir.time.DurationRange;

/**
 * The pool: its borrowing paths, and the wiring of those who do the rest.
 */
final class SlotPool<T> implements Pool<T> {

	private final PoolConfig config;

	private final SizeLimits limits;

	private final Gate gate = new Gate();

	private final Timekeeper time;

	private final Counters counters = new Counters();

	private final SlotTable<T> table;

	private final WaiterQueue<T> waiters = new WaiterQueue<>();

	private final GuardedListener listener;

	private final Undertaker<T> undertaker;

	private final Lender<T> lender;

	private final Tester<T> tester;

	private final Creator<T> creator;

	private final Sweeper<T> sweeper;

	private final Closer<T> closer;

	private final AtomicBoolean demandAnnounced = new AtomicBoolean();

	private final long borrowTimeout;

	/** Whether a tick is to come. Maintenance thread. */
	private boolean ticking;

	SlotPool(PoolConfig config, ResourceLifecycle<T> lifecycle, @Nullable PoolListener poolListener,
			@Nullable Predicate<? super T> affinity, Timekeeper time) {
		this.config = config;
		this.limits = new SizeLimits(config);
		this.time = time;
		this.borrowTimeout = DurationRange.waitNanos(config.borrowTimeout());
		this.listener = new GuardedListener(poolListener);
		this.table = new SlotTable<>(affinity == null);
		Callbacks<T> callbacks = new Callbacks<>(config, lifecycle, time);
		this.undertaker = new Undertaker<>(config.name(), this.table, callbacks, time, this.counters, this.listener,
				this::buried);
		this.lender = (this.listener.present() || !config.leakDetectionThreshold().isZero())
				? new ObservedLender<>(config, this.gate, this.table, this.waiters, callbacks, time, this.counters,
						this.undertaker, affinity, this.listener)
				: new Lender<>(config, this.gate, this.table, this.waiters, callbacks, time, this.counters,
						this.undertaker, affinity);
		this.tester = new Tester<>(callbacks, time, this.counters, this.listener, this.undertaker,
				this.lender::becameIdle);
		this.creator = new Creator<>(config, this.limits, this.gate, this.table, this.waiters, callbacks, time,
				this.counters, this.listener, this.undertaker, this.tester);
		this.sweeper = new Sweeper<>(config, this.limits, this.table, time, this.counters, this.listener,
				this.undertaker, this.tester, this.creator);
		this.closer = new Closer<>(config, this.gate, this.table, this.waiters, time, this.undertaker, this.creator);
	}

	void start() {
		this.time.execute(() -> {
			this.creator.replenish();
			keepTicking();
		});
	}

	@Override
	public String name() {
		return this.config.name();
	}

	@Override
	public Lease<T> borrow() {
		SlotLease<T> lease = borrowNow();
		return (lease != null) ? lease : await(this.borrowTimeout);
	}

	@Override
	public Lease<T> borrow(Duration timeout) {
		SlotLease<T> lease = borrowNow();
		return (lease != null) ? lease : await(DurationRange.waitNanos(timeout));
	}

	@Override
	public @Nullable Lease<T> tryBorrow() {
		SlotLease<T> lease = borrowNow();
		if (lease == null && this.table.count(SlotWord.STALE) > 0) {
			this.time.execute(() -> testStale(1));
		}
		return lease;
	}

	@Override
	public CompletionStage<Lease<T>> borrowAsync() {
		return borrowAsyncOn(null);
	}

	@Override
	public CompletionStage<Lease<T>> borrowAsync(Executor deliverOn) {
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
		if (this.time.isCurrentThread()) {
			throw new IllegalStateException("borrow() would block the pool's own thread: use borrowAsync()");
		}
		BorrowWaitEvent wait = BorrowWaitEvent.start(name());
		long start = this.time.nanoTime();
		BlockingWaiter<T> waiter = new BlockingWaiter<>(this.lender, this.time, start, timeoutNanos);
		SlotLease<T> lease = null;
		try {
			enter(waiter);
			lease = waiter.await();
		}
		finally {
			wait.finish(lease != null);
		}
		if (lease == null) {
			throw timedOut(this.time.nanoTime() - start, fullness());
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
		AsyncWaiter<T> waiter = new AsyncWaiter<>(this.time, this.time.nanoTime(), this.borrowTimeout, deliverOn);
		BorrowWaitEvent wait = BorrowWaitEvent.start(name());
		if (wait.isEnabled()) {
			waiter.future.whenComplete((got, failure) -> wait.finish(got != null));
		}
		enter(waiter);
		return waiter.future;
	}

	/** Enters the queue, and then looks again: a slot may have become idle meanwhile. */
	private void enter(Waiter<T> waiter) {
		this.waiters.enter(waiter);
		if (this.config.strictFifo()) {
			this.gate.keepOrder();
		}
		this.lender.serve();
		if (waiter.isWaiting()) {
			// after entering: the closer may have looked before
			if (this.gate.isClosing() && this.waiters.remove(waiter)) {
				waiter.fail(new PoolClosedException(name()));
			}
			announceDemand();
		}
	}

	private void announceDemand() {
		if (this.demandAnnounced.compareAndSet(false, true)) {
			this.time.execute(this::meetDemand);
		}
	}

	private BorrowTimeoutException timedOut(long waited, String fullness) {
		this.counters.timeouts.increment();
		this.listener.tell((listener) -> listener.borrowTimedOut(waited));
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
		SlotTable.Snapshot<T> snapshot = this.table.snapshot();
		int active = 0;
		int idle = 0;
		for (Slot<T> slot : snapshot.slots) {
			long word = slot.word();
			active += SlotWord.isLent(word) ? 1 : 0;
			idle += (SlotWord.isLent(word) || SlotWord.isGone(word)) ? 0 : 1;
		}
		long borrows = this.counters.borrows(snapshot.loans());
		long returns = this.counters.returns(snapshot.returns());
		return new PoolStats(active, idle, this.waiters.waiting(), this.creator.inFlight(), active + idle,
				this.limits.min(), this.limits.max(), borrows, this.counters.timeouts.sum(), this.counters.leaks.sum(),
				this.counters.created.sum(), this.counters.creationFailures.sum(), this.counters.detached.sum(),
				this.counters.destroyedByReason(), this.counters.validations(borrows, returns),
				this.counters.waits.histogram(), this.counters.creations.histogram());
	}

	@Override
	public int evict() {
		int evicted = 0;
		for (Slot<T> slot : this.table.slots()) {
			if (slot.retireIdle()) {
				this.undertaker.bury(slot, DestroyReason.EVICTED);
				evicted++;
			}
		}
		return evicted;
	}

	@Override
	public void invalidateAll() {
		// First: what enters the table from now on is seen as old.
		this.creator.startNewGeneration();
		for (Slot<T> slot : this.table.slots()) {
			if (slot.doom(DestroyReason.INVALIDATED)) {
				this.undertaker.bury(slot, DestroyReason.INVALIDATED);
			}
		}
	}

	@Override
	public void resize(int minSize, int maxSize) {
		this.limits.change(minSize, maxSize);
		this.time.execute(() -> {
			this.creator.resized();
			keepTicking();
		});
	}

	@Override
	public void suspend() {
		this.gate.suspend();
	}

	@Override
	public void resume() {
		this.gate.resume(); // first: whoever comes from now on finds it open
		this.lender.serve();
		announceDemand();
	}

	@Override
	public CompletionStage<CloseReport> closeAsync(Duration grace) {
		return this.closer.close(DurationRange.waitNanos(grace));
	}

	@Override
	public void close() {
		CompletableFuture<CloseReport> closed = this.closer.close(0);
		if (this.time.isCurrentThread()) {
			return; // it has to do what there would be to wait for
		}
		try {
			closed.get(DurationRange.waitNanos(this.config.lifecycleTimeout()), TimeUnit.NANOSECONDS);
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
			expireWaiters(this.time.nanoTime());
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
		return this.creator.isAtRest() && this.waiters.isEmpty() && !this.gate.isClosing();
	}

	private void keepTicking() {
		if (!this.ticking && !this.closer.isClosed()) {
			this.ticking = true;
			this.time.schedule(this::tick, this.config.tickNanos());
		}
	}

	private void expireWaiters(long now) {
		// Read once, since it counts the waiters, of whom there may be many.
		String fullness = null;
		for (Waiter<T> waiter : this.waiters.all()) {
			if (waiter.isDue(now) && waiter.isWaiting()) {
				String found = (fullness != null) ? fullness : fullness();
				fullness = found;
				if (this.waiters.remove(waiter)) {
					waiter.expire(() -> timedOut(now - waiter.since, found));
				}
			}
		}
		this.waiters.sweep();
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
		testStale(this.creator.unserved(this.time.nanoTime()));
		this.creator.replenish();
	}

	private void testStale(int wanted) {
		int missing = wanted;
		for (Slot<T> slot : this.table.slots()) {
			long word = slot.word();
			if (missing > 0 && SlotWord.status(word) == SlotWord.STALE) {
				this.tester.test(slot, word, ValidationPhase.BORROW);
				missing--;
			}
		}
	}

	private void buried() {
		this.creator.replenish();
		this.closer.check();
	}

}
