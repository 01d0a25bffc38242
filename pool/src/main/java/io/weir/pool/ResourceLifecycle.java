package io.weir.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Creates, tests and destroys the resources of a {@link Pool}.
 *
 * <p>
 * What the pool promises: {@link #create()}, {@link #validate} and {@link #destroy} are
 * called on the pool's own thread, one call at a time, never on a borrower's, and never
 * while a lock is held. (Only what arrives when the pool has been closed is destroyed on
 * the thread that completes its creation.) Each resource is destroyed exactly once, and
 * not tested or lent afterwards; a test that has timed out, or that is under way when the
 * pool is closed, is not waited for. A call that throws, returns {@code null}, fails or
 * does not complete within the lifecycle timeout counts as failed; the pool goes on.
 *
 * <p>
 * What the implementation promises: no method blocks; work that does is moved to an
 * executor and reported through the returned stage, which may be completed by any thread.
 * {@link #isUsable} is safe to call from any thread at any time.
 *
 * <p>
 * The form of a two-sided contract follows Stormpot's {@code Allocator}.
 *
 * @param <T> the type of the resources
 */
public interface ResourceLifecycle<T> {

	/**
	 * Starts to create a resource. Several creations may be under way at a time, up to
	 * {@link PoolBuilder#creationConcurrency(int)}. A resource that arrives after the
	 * lifecycle timeout is destroyed with {@link DestroyReason#ABANDONED}.
	 * @return a stage with the new resource, never {@code null}
	 */
	CompletionStage<T> create();

	/**
	 * The cheap test, called on every borrow and every return: on the borrower's thread,
	 * on that of whoever serves one that waits, and on the pool's own after a deep test.
	 * Must return at once: look at a flag, do no I/O. May be called once more while the
	 * resource is already lent again. Throwing counts as {@code false}.
	 * @param resource the resource
	 * @return whether the resource can be used as far as is known without asking
	 */
	default boolean isUsable(T resource) {
		return true;
	}

	/**
	 * The deep test, such as a ping: before a resource enters the pool, regularly while
	 * it is idle, and before it is lent after a long idle time. Nobody else uses the
	 * resource meanwhile.
	 * @param resource the resource
	 * @return a stage with whether the resource works; a failure counts as {@code false}
	 */
	default CompletionStage<Boolean> validate(T resource) {
		return CompletableFuture.completedFuture(isUsable(resource));
	}

	/**
	 * Releases what the resource holds. Until the stage completes the resource counts
	 * towards the pool's maximum.
	 * @param resource the resource
	 * @param reason why it is destroyed
	 * @return a stage that completes when the resource is gone; a failure is logged
	 */
	default CompletionStage<Void> destroy(T resource, DestroyReason reason) {
		return CompletableFuture.completedFuture(null);
	}

}
