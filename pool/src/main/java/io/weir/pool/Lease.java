package io.weir.pool;

/**
 * One loan of a resource. Whoever received it must close it, from any thread, exactly as
 * one closes a file. A lease of an earlier loan can never act on a later loan of the same
 * resource.
 *
 * @param <T> the type of the resource
 */
public interface Lease<T> extends AutoCloseable {

	/**
	 * The resource. Do not keep it beyond the lease.
	 * @return the resource
	 * @throws IllegalStateException if the lease was closed or invalidated, or if the
	 * pool was closed and took the resource back
	 */
	T resource();

	/**
	 * Says that this loan is meant to last: however long it takes,
	 * {@link PoolBuilder#leakDetectionThreshold leak detection} does not report it.
	 */
	void hold();

	/**
	 * Ends the lease and has the resource destroyed instead of returned, because the
	 * caller knows it to be broken. Has no effect if the lease has ended.
	 */
	void invalidate();

	/**
	 * Ends the lease and returns the resource. Never blocks. Closing twice, or after
	 * {@link #invalidate()}, has no effect.
	 */
	@Override
	void close();

}
