package io.weir.spring.listener;

/** What a listener container is doing. */
public enum ListenerState {

	/** Not started, or stopped. */
	STOPPED,

	/** At least one of its consumers is not subscribed yet, or not any more. */
	SUBSCRIBING,

	/** All of its consumers are subscribed. */
	RUNNING,

	/** Receives nothing until it is resumed. */
	PAUSED,

	/** Finishes what it was given. */
	STOPPING,

	/**
	 * At least one of its threads has ended on its own, or the error handler stopped it.
	 */
	FAILED

}
