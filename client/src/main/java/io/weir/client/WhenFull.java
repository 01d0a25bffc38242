package io.weir.client;

/** What {@link Producer#sendAsync} does when the producer's queue is full. */
public enum WhenFull {

	/** It fails at once with {@code QUEUE_FULL}. */
	FAIL,

	/**
	 * The message waits for room, without blocking anybody, up to the send timeout, and
	 * then fails with {@code TIMEOUT}. Messages that wait are let in in the order of
	 * their sends; how many wait, and their memory, is up to the caller.
	 */
	WAIT

}
