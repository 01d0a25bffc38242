package io.weir.spring;

/** When the messages that a listener was given are acknowledged. */
public enum AckMode {

	/**
	 * Each message as soon as the listener has returned, or what it returned completed.
	 */
	RECORD,

	/**
	 * All messages that were waiting together, once the listener is done with the last of
	 * them.
	 */
	BATCH,

	/** By the listener itself, through a parameter of type {@link Acknowledgement}. */
	MANUAL

}
