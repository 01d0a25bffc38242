package io.weir.transport;

/**
 * Decides who handles a connection that a client made.
 */
@FunctionalInterface
public interface ConnectionAcceptor {

	/**
	 * Called once for each connection, on its event loop, before its first stream.
	 * @param connection the new connection
	 * @return what handles the streams that the client opens
	 */
	StreamAcceptor accept(Connection connection);

}
