package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.time.Backoff;
import io.weir.time.DurationRange;

/**
 * Creates resources for those who wait and up to the minimum, several at a time, and
 * backs off while that fails. Runs on the maintenance thread, except where noted.
 */
final class Creator<T> {

	private static final Logger logger = LoggerFactory.getLogger(Creator.class);

	private final PoolContext<T> pool;

	private final Disposer<T> disposer;

	private final Tester<T> tester;

	private final CompletableFuture<Void> ready = new CompletableFuture<>();

	/** When the creations under way began. */
	private final List<Long> starts = new ArrayList<>();

	/** How many resources the pool is filled with at first. */
	private int initialSize;

	/** Of these, how many have entered the pool. */
	private int initiallyEntered;

	private final Backoff backoff = Backoff.random(Duration.ofMillis(10), Duration.ofMillis(1280));

	private long backoffUntil;

	private boolean stopped;

	/** Written by the maintenance thread, read by all. */
	private final AtomicInteger inFlight = new AtomicInteger();

	/** As above; {@code null} if the last creation succeeded. */
	private volatile @Nullable Throwable lastFailure;

	/** What was created in an earlier generation may not enter. Written by any thread. */
	private volatile Object generation = new Object();

	Creator(PoolContext<T> pool, Disposer<T> disposer, Tester<T> tester) {
		this.pool = pool;
		this.disposer = disposer;
		this.tester = tester;
		this.initialSize = pool.config().initialSize();
		this.backoffUntil = pool.time().nanoTime();
		if (isFilled()) {
			this.ready.complete(null);
		}
	}

	CompletableFuture<Void> ready() {
		return this.ready;
	}

	@Nullable Throwable lastFailure() {
		return this.lastFailure;
	}

	int inFlight() {
		return this.inFlight.get();
	}

	/** Rejects what is being created now. Any thread. */
	void startNewGeneration() {
		this.generation = new Object();
	}

	/** Creates no more; what is still being created is destroyed when it arrives. */
	void stop() {
		this.stopped = true;
		this.ready.completeExceptionally(new PoolClosedException(this.pool.name()));
	}

	/** Starts as many creations as are needed and allowed now. */
	void replenish() {
		long now = this.pool.time().nanoTime();
		if (now - this.backoffUntil < 0) {
			return; // called again when the back-off is over
		}
		for (int missing = missing(now); missing > 0 && !this.stopped; missing--) {
			create();
		}
	}

	/** How many resources there are, counting those to come and those being destroyed. */
	int existing() {
		return this.pool.table().size() + this.disposer.inFlight() + inFlight();
	}

	/** Whether there is nothing, nothing is to come and nothing has to be there. */
	boolean isAtRest() {
		return existing() == 0 && this.pool.limits().min() == 0 && isFilled();
	}

	/** How many resources are there to stay. */
	private int lasting(long now) {
		return this.pool.table().count((slot) -> slot.isLasting() && !slot.isExpired(now, 0));
	}

	private int missing(long now) {
		int floor = isFilled() ? this.pool.limits().min() : Math.max(this.pool.limits().min(), this.initialSize);
		int forFloor = Math.max(0, floor - lasting(now));
		// What is slow may yet fill the floor, but those who wait do not count on it.
		int slow = (int) this.starts.stream().filter((start) -> isSlow(start, now)).count();
		int wanted = unserved(now) + Math.max(forFloor, slow);
		int allowed = Math.min(this.pool.config().creationConcurrency(),
				this.pool.limits().max() - existing() + inFlight());
		return Math.min(wanted, allowed) - inFlight();
	}

	/** How many wait for whom no resource is under test, those that are slow apart. */
	int unserved(long now) {
		int tests = this.pool.table()
			.count((slot) -> slot.status() == SlotWord.TESTING && !isSlow(slot.testedSince, now));
		return Math.max(0, this.pool.waiters().waiting() - tests);
	}

	private boolean isSlow(long since, long now) {
		return now - since >= this.pool.config().patienceNanos();
	}

	private void create() {
		this.inFlight.incrementAndGet();
		Long start = this.pool.time().nanoTime();
		this.starts.add(start);
		Object startedIn = this.generation;
		ResourceCreateEvent event = new ResourceCreateEvent(this.pool.name());
		event.begin();
		this.pool.callbacks().create((resource, failure) -> {
			this.inFlight.decrementAndGet();
			this.starts.remove(start);
			event.succeeded = resource != null;
			event.commit();
			if (resource != null) {
				created(resource, startedIn, start);
			}
			else {
				failed((failure != null) ? failure : new IllegalStateException("no resource and no failure"));
			}
			replenish();
		}, (late) -> this.disposer.destroy(late, DestroyReason.ABANDONED));
	}

	/** To be called when the limits have changed. */
	void resized() {
		this.initialSize = Math.min(this.initialSize, this.pool.limits().max());
		tellIfFilled();
		shrink();
		replenish();
	}

	/** Takes out what is too much, those that are in use last. */
	private void shrink() {
		int excess = lasting(this.pool.time().nanoTime()) - this.pool.limits().max();
		for (Slot<T> slot : this.pool.table().slots()) {
			if (excess > 0 && slot.retireIdle()) {
				this.disposer.dispose(slot, DestroyReason.RESIZED);
				excess--;
			}
		}
		for (Slot<T> slot : this.pool.table().slots()) {
			if (excess > 0 && slot.isLasting()) {
				if (slot.condemn(DestroyReason.RESIZED)) {
					this.disposer.dispose(slot, DestroyReason.RESIZED);
				}
				excess--;
			}
		}
	}

	private void created(T resource, Object startedIn, long start) {
		long now = this.pool.time().nanoTime();
		this.pool.counters().created.increment();
		this.pool.counters().creations.record(now - start);
		this.pool.listener().tell((listener) -> listener.created(now - start));
		if (this.stopped) {
			this.disposer.destroy(resource, DestroyReason.CLOSED);
			return;
		}
		Slot<T> slot = new Slot<>(resource, now, lifetime());
		this.pool.table().add(slot);
		if (this.generation != startedIn) { // after adding: nobody else would see it
			slot.condemn(DestroyReason.INVALIDATED);
		}
		shrink();
		this.tester.run(slot, ValidationPhase.CREATE, this::tested);
	}

	private void tested(boolean valid) {
		if (!valid) {
			failed(new PoolException("A new resource failed its first test", null));
			return;
		}
		this.lastFailure = null;
		this.backoff.reset();
		if (!isFilled()) {
			this.initiallyEntered++;
			tellIfFilled();
		}
	}

	private boolean isFilled() {
		return this.initiallyEntered >= this.initialSize;
	}

	private void tellIfFilled() {
		if (isFilled() && !this.ready.isDone()) {
			this.ready.completeAsync(() -> null);
		}
	}

	private void failed(Throwable failure) {
		if (this.stopped) {
			return; // whoever closes the pool also takes away what resources are made of
		}
		this.pool.counters().creationFailures.increment();
		this.pool.listener().tell((listener) -> listener.creationFailed(failure));
		this.lastFailure = failure;
		long now = this.pool.time().nanoTime();
		if (this.pool.config().creationFailurePolicy() == CreationFailurePolicy.FAIL_FAST && lasting(now) == 0) {
			failWaiters(failure);
		}
		if (now - this.backoffUntil >= 0) { // those that fail together count once
			long jittered = this.backoff.next().toNanos();
			this.backoffUntil = now + jittered;
			this.pool.time().schedule(this::replenish, jittered);
			if (!this.pool.gate().isClosing()) {
				logger.warn("Pool '{}': could not create a resource, next attempt in {} ms: {}", this.pool.name(),
						TimeUnit.NANOSECONDS.toMillis(jittered), failure.toString());
			}
		}
	}

	private void failWaiters(Throwable failure) {
		ResourceCreationException exception = new ResourceCreationException(this.pool.name(), failure);
		this.ready.completeExceptionally(exception);
		this.pool.waiters().takeAll().forEach((waiter) -> waiter.fail(exception));
	}

	private long lifetime() {
		long longest = DurationRange.waitNanos(this.pool.config().maxLifetime());
		return (longest < 10) ? longest : longest - ThreadLocalRandom.current().nextLong(longest / 10);
	}

}
