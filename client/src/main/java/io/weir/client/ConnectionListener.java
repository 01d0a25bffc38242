package io.weir.client;

/** Hears what a client's connections are doing. */
@FunctionalInterface
public interface ConnectionListener {

	/**
	 * A connection is in another state. Called for one state after the other, beginning
	 * with {@link ConnectionState#CONNECTING}, where
	 * {@link WeirClientBuilder#callbackExecutor callbacks} run and never under a lock: it
	 * may block and may use the client. If it does not return for a second, the states
	 * that follow are told meanwhile. What it throws is logged.
	 * @param connection the connection as it was at that moment, which may have passed
	 */
	void stateChanged(ConnectionInfo connection);

}
