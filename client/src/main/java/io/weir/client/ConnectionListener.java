package io.weir.client;

/** Hears what a client's connections are doing. */
@FunctionalInterface
public interface ConnectionListener {

	/**
	 * A connection is in another state. Called for one state after the other, beginning
	 * with {@link ConnectionState#CONNECTING}, on a thread of the client's own for its
	 * listeners and never under a lock: it may block and may use the client, and holds up
	 * other listeners only. What it throws is logged.
	 * @param connection the connection as it was at that moment, which may have passed
	 */
	void stateChanged(ConnectionInfo connection);

}
