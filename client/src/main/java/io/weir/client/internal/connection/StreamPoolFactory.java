package io.weir.client.internal.connection;

import io.weir.pool.Pool;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;

/** Makes the stream pool of a connection. */
@FunctionalInterface
public interface StreamPoolFactory {

	/**
	 * Makes the pool.
	 * @param name the pool's name
	 * @param connection where its streams are opened
	 * @return the pool, which the caller must close
	 */
	Pool<RequestStream> create(String name, Connection connection);

}
