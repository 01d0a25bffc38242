package io.weir.client;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.connection.LinkListener;

/**
 * Tells the application's listeners of the connections' states, one after the other on a
 * thread of their own, which is there only while there is something to tell. What comes
 * after {@link #close()} is not told.
 */
final class ConnectionListeners implements LinkListener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionListeners.class);

	private final List<ConnectionListener> listeners;

	private final ThreadPoolExecutor executor;

	ConnectionListeners(List<ConnectionListener> listeners, String threadName) {
		this.listeners = List.copyOf(listeners);
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
			Thread thread = new Thread(task, threadName);
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void changed(ConnectionManager connection) {
		if (!this.listeners.isEmpty()) {
			ConnectionInfo info = Connections.info(connection);
			this.executor.execute(() -> this.listeners.forEach((listener) -> tell(listener, info)));
		}
	}

	private static void tell(ConnectionListener listener, ConnectionInfo info) {
		try {
			listener.stateChanged(info);
		}
		catch (RuntimeException ex) {
			logger.error("A connection listener failed on {}", info, ex);
		}
	}

	/** What is queued is still told. */
	@Override
	public void close() {
		this.executor.shutdown();
	}

}
