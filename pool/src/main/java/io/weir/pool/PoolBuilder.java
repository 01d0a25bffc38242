package io.weir.pool;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.weir.time.DurationRange;

/**
 * Configures a {@link Pool}. Durations are at most 365 days
 * ({@link io.weir.time.DurationRange}); what is wrong is refused with
 * {@link IllegalArgumentException}, here or by {@link #build()}. Not for use by several
 * threads.
 *
 * @param <T> the type of the resources
 */
public final class PoolBuilder<T> {

	private final ResourceLifecycle<T> lifecycle;

	private String name = "pool";

	private int minSize;

	private int maxSize = 8;

	private @Nullable Integer initialSize;

	private int creationConcurrency = 4;

	private Duration maxIdleTime = Duration.ofSeconds(30);

	private Duration maxLifetime = Duration.ofMinutes(30);

	private Duration validationInterval = Duration.ofSeconds(5);

	private Duration borrowTimeout = Duration.ofSeconds(5);

	private Duration lifecycleTimeout = Duration.ofSeconds(10);

	private Duration leakDetectionThreshold = Duration.ZERO;

	private CreationFailurePolicy creationFailurePolicy = CreationFailurePolicy.WAIT;

	private boolean strictFifo;

	private @Nullable PoolListener listener;

	private @Nullable Timekeeper timekeeper;

	PoolBuilder(ResourceLifecycle<T> lifecycle) {
		this.lifecycle = Objects.requireNonNull(lifecycle, "lifecycle");
	}

	/**
	 * The name in messages, thread names and metrics; default {@code pool}.
	 * @param name not blank
	 * @return this
	 */
	public PoolBuilder<T> name(String name) {
		Objects.requireNonNull(name, "name");
		this.name = name;
		return this;
	}

	/**
	 * How many resources are kept even if nobody needs them; default 0.
	 * @param minSize between 0 and the maximum
	 * @return this
	 */
	public PoolBuilder<T> minSize(int minSize) {
		this.minSize = minSize;
		return this;
	}

	/**
	 * How many resources exist at most at a time; default 8.
	 * @param maxSize at least 1
	 * @return this
	 */
	public PoolBuilder<T> maxSize(int maxSize) {
		this.maxSize = maxSize;
		return this;
	}

	/**
	 * How many resources are created as soon as the pool is built, in the background;
	 * default the minimum. See {@link Pool#ready()}.
	 * @param initialSize between 0 and the maximum
	 * @return this
	 */
	public PoolBuilder<T> initialSize(int initialSize) {
		this.initialSize = initialSize;
		return this;
	}

	/**
	 * How many creations may be under way at a time; default 4.
	 * @param creationConcurrency at least 1
	 * @return this
	 */
	public PoolBuilder<T> creationConcurrency(int creationConcurrency) {
		this.creationConcurrency = creationConcurrency;
		return this;
	}

	/**
	 * A resource that has been idle for this long is destroyed if it is not needed for
	 * the minimum. If it is kept, and was not deep-tested for this long either, it is
	 * deep-tested before it is lent. Default 30 seconds.
	 * @param maxIdleTime zero for no limit
	 * @return this
	 */
	public PoolBuilder<T> maxIdleTime(Duration maxIdleTime) {
		this.maxIdleTime = DurationRange.FROM_ZERO.check("maxIdleTime", maxIdleTime);
		return this;
	}

	/**
	 * A resource of this age is replaced, up to a tenth earlier so that resources of one
	 * age do not all go at once. One that is lent is destroyed when it is returned.
	 * Default 30 minutes.
	 * @param maxLifetime zero for no limit
	 * @return this
	 */
	public PoolBuilder<T> maxLifetime(Duration maxLifetime) {
		this.maxLifetime = DurationRange.FROM_ZERO.check("maxLifetime", maxLifetime);
		return this;
	}

	/**
	 * An idle resource is deep-tested when it was neither used nor tested for this long.
	 * Default 5 seconds.
	 * @param validationInterval zero for no regular test of idle resources
	 * @return this
	 */
	public PoolBuilder<T> validationInterval(Duration validationInterval) {
		this.validationInterval = DurationRange.FROM_ZERO.check("validationInterval", validationInterval);
		return this;
	}

	/**
	 * How long a borrower waits for a resource; default 5 seconds.
	 * @param borrowTimeout zero for no wait
	 * @return this
	 */
	public PoolBuilder<T> borrowTimeout(Duration borrowTimeout) {
		this.borrowTimeout = DurationRange.FROM_ZERO.check("borrowTimeout", borrowTimeout);
		return this;
	}

	/**
	 * How long each call of the {@link ResourceLifecycle} may take until it counts as
	 * failed; default 10 seconds.
	 * @param lifecycleTimeout from a millisecond
	 * @return this
	 */
	public PoolBuilder<T> lifecycleTimeout(Duration lifecycleTimeout) {
		this.lifecycleTimeout = DurationRange.FROM_ONE_MILLISECOND.check("lifecycleTimeout", lifecycleTimeout);
		return this;
	}

	/**
	 * A lease that is out for this long is counted, logged and told to the listener as
	 * leaked, unless it is {@linkplain Lease#hold() held}. Some leases are traced, so
	 * that the log can show where a leaked one was lent: one in 64 of each resource, and
	 * its first. Default zero.
	 * @param leakDetectionThreshold zero to look for no leaks
	 * @return this
	 */
	public PoolBuilder<T> leakDetectionThreshold(Duration leakDetectionThreshold) {
		this.leakDetectionThreshold = DurationRange.FROM_ZERO.check("leakDetectionThreshold", leakDetectionThreshold);
		return this;
	}

	/**
	 * What becomes of those who wait when a resource cannot be created; default
	 * {@link CreationFailurePolicy#WAIT}.
	 * @param creationFailurePolicy the policy
	 * @return this
	 */
	public PoolBuilder<T> creationFailurePolicy(CreationFailurePolicy creationFailurePolicy) {
		this.creationFailurePolicy = Objects.requireNonNull(creationFailurePolicy, "creationFailurePolicy");
		return this;
	}

	/**
	 * Whether nobody may ever overtake those who wait. By default a borrower that comes
	 * when a resource is idle may take it although others wait, which keeps resources
	 * busy while a waiting thread wakes up; as soon as one has waited for a millisecond
	 * the order is strict until nobody waits any more.
	 * @param strictFifo whether the order is always strict
	 * @return this
	 */
	public PoolBuilder<T> strictFifo(boolean strictFifo) {
		this.strictFifo = strictFifo;
		return this;
	}

	/**
	 * Who is told what happens; default nobody.
	 * @param listener the listener
	 * @return this
	 */
	public PoolBuilder<T> listener(PoolListener listener) {
		Objects.requireNonNull(listener, "listener");
		this.listener = listener;
		return this;
	}

	/**
	 * Where the pool does its maintenance: creates, tests and destroys resources. Many
	 * pools may share one scheduler, so that they do not need a thread each; then a
	 * {@link ResourceLifecycle} that blocks holds up all of them. The pool does not shut
	 * it down; it should outlive the pool. A blocking {@link Pool#borrow()} on its thread
	 * is refused as soon as the thread has done something for this pool, before which it
	 * is not known: see {@link #scheduler(ScheduledExecutorService, BooleanSupplier)}.
	 * Default: a daemon thread of the pool's own.
	 * @param scheduler must run its tasks on one thread, one after the other, such as
	 * {@link java.util.concurrent.Executors#newSingleThreadScheduledExecutor()} or an
	 * event loop
	 * @return this
	 * @throws IllegalArgumentException if it is known to have more threads than one
	 */
	public PoolBuilder<T> scheduler(ScheduledExecutorService scheduler) {
		Objects.requireNonNull(scheduler, "scheduler");
		return scheduler(scheduler, () -> false);
	}

	/**
	 * As {@link #scheduler(ScheduledExecutorService)}, where the caller knows the
	 * scheduler's thread, so that a blocking {@link Pool#borrow()} on it is always
	 * refused, even if the pool was built there just before.
	 * @param scheduler as there
	 * @param onItsThread whether the calling thread is the scheduler's, such as
	 * {@code eventLoop::inEventLoop}; asked on any thread
	 * @return this
	 * @throws IllegalArgumentException as there
	 */
	public PoolBuilder<T> scheduler(ScheduledExecutorService scheduler, BooleanSupplier onItsThread) {
		Objects.requireNonNull(scheduler, "scheduler");
		Objects.requireNonNull(onItsThread, "onItsThread");
		if (scheduler instanceof ScheduledThreadPoolExecutor known && known.getCorePoolSize() != 1) {
			throw new IllegalArgumentException("scheduler must have one thread, was one of " + known.getCorePoolSize());
		}
		return timekeeper(new ScheduledTimekeeper(scheduler, onItsThread));
	}

	PoolBuilder<T> timekeeper(Timekeeper timekeeper) {
		this.timekeeper = timekeeper;
		return this;
	}

	/**
	 * Builds the pool and starts to fill it, in the background.
	 * @return the pool, to be closed by the caller
	 * @throws IllegalArgumentException if a setting is out of its bounds
	 */
	public Pool<T> build() {
		PoolConfig config = new PoolConfig(this.name, this.minSize, this.maxSize,
				(this.initialSize != null) ? this.initialSize : this.minSize, this.creationConcurrency,
				this.maxIdleTime, this.maxLifetime, this.validationInterval, this.borrowTimeout, this.lifecycleTimeout,
				this.leakDetectionThreshold, this.creationFailurePolicy, this.strictFifo);
		Timekeeper time = (this.timekeeper != null) ? this.timekeeper : new ScheduledTimekeeper(config.name());
		SlotPool<T> pool = new SlotPool<>(PoolContext.of(config, this.lifecycle, this.listener, time));
		pool.start();
		return pool;
	}

}
