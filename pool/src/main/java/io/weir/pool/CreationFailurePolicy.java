package io.weir.pool;

/**
 * What becomes of those who wait when a resource cannot be created.
 */
public enum CreationFailurePolicy {

	/** They wait for the next attempt, or for a return, until their time is over. */
	WAIT,

	/**
	 * They fail with that failure, as {@link ResourceCreationException}, unless other
	 * resources exist that may still be returned. Who comes later waits for the next
	 * attempt, which is seconds away at most. {@link Pool#ready()} fails too.
	 */
	FAIL_FAST

}
