package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Lends costly resources that were tested before they are lent, and keeps between a
 * minimum and a maximum of them alive.
 *
 * <p>
 * All methods may be called from any thread. Only {@link #borrow()},
 * {@link #borrow(Duration)} and {@link #close()} ever block; everything else, and
 * everything on {@link Lease}, may be called on an event loop. Blocking and asynchronous
 * borrowers wait in one queue, whose order {@link PoolBuilder#strictFifo} decides.
 *
 * <p>
 * Creating, deep-testing and destroying happen on one thread of the pool's own (or of its
 * {@link PoolBuilder#scheduler scheduler}), which calls the {@link ResourceLifecycle}. No
 * lock is ever held while foreign code runs.
 *
 * <pre class="code">
 * Pool&lt;Connection&gt; pool = Pool.builder(new ConnectionLifecycle())
 *     .minSize(2)
 *     .maxSize(20)
 *     .build();
 * try (Lease&lt;Connection&gt; lease = pool.borrow()) {                     // tested before it is lent
 *     lease.resource().send(request);
 * }
 * </pre>
 *
 * @param <T> the type of the resources
 */
public interface Pool<T> extends AutoCloseable {

	/**
	 * Starts to configure a pool.
	 * @param <T> the type of the resources
	 * @param lifecycle creates, tests and destroys the resources
	 * @return a builder with the defaults
	 */
	static <T> PoolBuilder<T> builder(ResourceLifecycle<T> lifecycle) {
		return new PoolBuilder<>(lifecycle);
	}

	/**
	 * The name given to the builder, which appears in messages, thread names and metrics.
	 * @return the name
	 */
	String name();

	/**
	 * Borrows a resource, waiting up to the pool's borrow timeout.
	 * @return a lease that the caller must close
	 * @throws BorrowTimeoutException if none became free in time; its cause is the last
	 * failure to create a resource, if the last attempt failed
	 * @throws BorrowInterruptedException if the thread was interrupted while it waited;
	 * its interrupt status is set again
	 * @throws PoolClosedException if the pool is closed, or is closed meanwhile
	 */
	Lease<T> borrow();

	/**
	 * Borrows a resource, waiting up to the given time.
	 * @param timeout how long to wait; zero or less does not wait at all, more than 365
	 * days count as 365
	 * @return a lease that the caller must close
	 * @throws BorrowTimeoutException as {@link #borrow()}
	 * @throws BorrowInterruptedException as {@link #borrow()}
	 * @throws PoolClosedException as {@link #borrow()}
	 */
	Lease<T> borrow(Duration timeout);

	/**
	 * Borrows a resource if one is free and proven at this moment.
	 * @return a lease that the caller must close, or {@code null}
	 * @throws PoolClosedException if the pool is closed
	 */
	@Nullable Lease<T> tryBorrow();

	/**
	 * Borrows a resource without blocking. The stage completes on the calling thread if a
	 * resource is free, otherwise on the thread that returns one (or on the JDK's common
	 * pool if a new one had to be created), so dependents must not block: name an
	 * executor if they do.
	 *
	 * <p>
	 * The stage fails with what {@link #borrow()} throws. To give up, cancel
	 * {@link CompletionStage#toCompletableFuture()} of this very stage; a resource that
	 * was already on its way then goes back to the pool.
	 * @return a stage with a lease that the receiver must close
	 */
	CompletionStage<Lease<T>> borrowAsync();

	/**
	 * As {@link #borrowAsync()}, but the stage is completed on the given executor unless
	 * a resource is free at once, in which case it is complete when it is returned. If
	 * the executor rejects the delivery the stage fails and the resource stays in the
	 * pool.
	 * @param deliverOn where to complete the stage, such as the borrower's event loop
	 * @return a stage with a lease that the receiver must close
	 */
	CompletionStage<Lease<T>> borrowAsync(Executor deliverOn);

	/**
	 * Completes when the initial resources have been created and tested for the first
	 * time. While they cannot be created the pool keeps trying; the stage fails only if
	 * the pool is closed first or, with {@link CreationFailurePolicy#FAIL_FAST}, as soon
	 * as a creation fails while there is nothing.
	 * @return the stage
	 */
	CompletionStage<Void> ready();

	/**
	 * A snapshot of the pool's numbers. Cheap enough for a metrics scrape, not for every
	 * message.
	 * @return the numbers now
	 */
	PoolStats stats();

	/**
	 * Destroys the resources that are idle now and then fills the pool up to the minimum
	 * again. Resources that are lent, or under test, are left alone.
	 * @return how many are being destroyed
	 */
	int evict();

	/**
	 * Declares everything created so far to be dead, as when the connection under it was
	 * lost: idle resources are destroyed now, lent ones when they are returned, those
	 * being created or tested when that has ended. Replacements are created as needed.
	 */
	void invalidateAll();

	/**
	 * Changes the minimum and maximum while the pool runs. A smaller pool destroys what
	 * is too much: idle resources first, then lent ones when they are returned. A larger
	 * one serves those who wait.
	 * @param minSize how many resources are kept even if nobody needs them
	 * @param maxSize how many resources exist at most
	 * @throws IllegalArgumentException if they are out of their bounds
	 */
	void resize(int minSize, int maxSize);

	/**
	 * Closes the pool. New borrowers are refused at once; those already waiting are
	 * served from what is returned until the grace period has passed and then failed.
	 * Resources that are still lent by then are destroyed too, and reported. A later call
	 * with a shorter grace period shortens the first one's.
	 * @param grace how long to wait for leases to be returned; zero or less does not
	 * wait, more than 365 days count as 365. What is still being created is not waited
	 * for, but destroyed when it arrives.
	 * @return a stage that completes when everything that exists by then has been
	 * destroyed; never fails
	 */
	CompletionStage<CloseReport> closeAsync(Duration grace);

	/**
	 * Closes the pool without a grace period and waits until everything has been
	 * destroyed, at most for the lifecycle timeout. Use {@link #closeAsync(Duration)} on
	 * an event loop. Closing again has no effect.
	 */
	@Override
	void close();

}
