package io.weir.client.internal.connection;

import java.time.Duration;
import java.util.concurrent.Executor;

import io.weir.transport.Connection;
import io.weir.wire.Frame;

/**
 * Takes what happens to sessions from event loops to the manager's executor, in order.
 */
final class TimedSessionEvents implements SessionEvents {

	private final Executor executor;

	private final ConnectionManager manager;

	TimedSessionEvents(Executor executor, ConnectionManager manager) {
		this.executor = executor;
		this.manager = manager;
	}

	@Override
	public void goesAway(Connection connection, Frame.GoAway notice) {
		this.executor.execute(() -> this.manager.goesAway(connection, notice));
	}

	@Override
	public void silent(Connection connection, Duration since) {
		this.executor.execute(() -> this.manager.silent(connection, since));
	}

	@Override
	public void heardAgain(Connection connection) {
		this.executor.execute(() -> this.manager.heardAgain(connection));
	}

}
