package io.weir.pool;

/**
 * Why a resource was destroyed.
 */
public enum DestroyReason {

	/** It failed a test; {@link PoolStats#validations()} says in which phase. */
	INVALID,

	/**
	 * It was idle for longer than the maximum idle time and not needed for the minimum.
	 */
	IDLE,

	/** It reached its maximum lifetime. */
	LIFETIME,

	/** Its borrower, or {@link Pool#invalidateAll()}, declared it broken. */
	INVALIDATED,

	/** {@link Pool#resize} made the pool smaller. */
	RESIZED,

	/** {@link Pool#evict()}. */
	EVICTED,

	/**
	 * Its creation took longer than the lifecycle timeout, so that nobody waited for it.
	 */
	ABANDONED,

	/** The pool was closed. */
	CLOSED

}
