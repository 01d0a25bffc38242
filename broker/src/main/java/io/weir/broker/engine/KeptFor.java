package io.weir.broker.engine;

/** Why the newest of a log are looked for. */
public enum KeptFor {

	/** What is kept though everybody has acknowledged it. */
	RETENTION,

	/** What is kept of a backlog that is too large. */
	QUOTA

}
