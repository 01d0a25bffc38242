package io.weir.pool;

/**
 * When a resource was tested.
 */
public enum ValidationPhase {

	/** Deep test of a new resource before it enters the pool. */
	CREATE,

	/**
	 * Cheap test on every borrow, and deep test before lending what was idle for too
	 * long.
	 */
	BORROW,

	/** Cheap test on every return. */
	RETURN,

	/** Regular deep test of an idle resource. */
	IDLE

}
