package io.weir.client.internal.connection;

import java.time.Duration;
import java.util.concurrent.Executor;

import io.weir.transport.Connection;
import io.weir.wire.Frame;

/** Takes what happens to sessions from event loops to the timer's thread, in order. */
final class TimedSessionEvents implements SessionEvents {

	private final Executor timer;

	private final ConnectionManager manager;

	TimedSessionEvents(Executor timer, ConnectionManager manager) {
		this.timer = timer;
		this.manager = manager;
	}

	@Override
	public void goesAway(Connection connection, Frame.GoAway notice) {
		this.timer.execute(() -> this.manager.goesAway(connection, notice));
	}

	@Override
	public void silent(Connection connection, Duration since) {
		this.timer.execute(() -> this.manager.silent(connection, since));
	}

	@Override
	public void heardAgain(Connection connection) {
		this.timer.execute(() -> this.manager.heardAgain(connection));
	}

}
