package io.weir.client;

/** What a client's connection to the broker is doing. */
public enum ConnectionState {

	/** An attempt to connect is under way. */
	CONNECTING,

	/** The session is up. */
	READY,

	/** The broker said that it goes away; what is in flight is being finished. */
	DRAINING,

	/** The connection was lost or could not be made, and will be tried again. */
	BACKING_OFF,

	/** The client was closed. */
	CLOSED

}
