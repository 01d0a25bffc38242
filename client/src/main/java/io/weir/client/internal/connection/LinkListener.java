package io.weir.client.internal.connection;

/** Hears of the states of connections. */
@FunctionalInterface
public interface LinkListener {

	/**
	 * A connection is in another state. Called on the manager's executor, must not block.
	 * @param connection the connection, whose {@link ConnectionManager#status()} is the
	 * new one
	 */
	void changed(ConnectionManager connection);

}
