package io.weir.client;

import java.util.List;
import java.util.concurrent.Executor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.connection.LinkListener;

/**
 * Tells the application's listeners of the connections' states, where callbacks run. What
 * comes after {@link #close()} is not told.
 */
final class ConnectionListeners implements LinkListener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionListeners.class);

	private final List<ConnectionListener> listeners;

	private final Executor callbacks;

	private volatile boolean closed;

	ConnectionListeners(List<ConnectionListener> listeners, Executor callbacks) {
		this.listeners = List.copyOf(listeners);
		this.callbacks = callbacks;
	}

	@Override
	public void changed(ConnectionManager connection) {
		if (!this.listeners.isEmpty() && !this.closed) {
			ConnectionInfo info = Connections.info(connection);
			this.callbacks.execute(() -> this.listeners.forEach((listener) -> tell(listener, info)));
		}
	}

	/** Whatever one throws, the others are told. */
	private static void tell(ConnectionListener listener, ConnectionInfo info) {
		try {
			listener.stateChanged(info);
		}
		catch (Throwable ex) {
			logger.error("A connection listener failed on {}", info, ex);
		}
	}

	/** What is queued is still told. */
	@Override
	public void close() {
		this.closed = true;
	}

}
