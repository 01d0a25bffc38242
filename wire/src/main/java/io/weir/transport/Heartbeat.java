package io.weir.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.weir.concurrent.Causes;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Pings the control stream and closes the connection when the peer is dead: when three
 * intervals have passed without an answer, or the ping failed. Runs on the connection's
 * event loop.
 */
public final class Heartbeat {

	private static final int INTERVALS = 3;

	private final RequestStream control;

	private final Connection connection;

	private final Duration interval;

	private final Executor nextBeat;

	private volatile boolean stopped;

	private Heartbeat(RequestStream control, Duration interval) {
		this.control = control;
		this.connection = control.stream().connection();
		this.interval = interval;
		this.nextBeat = CompletableFuture.delayedExecutor(interval.toNanos(), TimeUnit.NANOSECONDS,
				this.connection.executor());
	}

	/**
	 * Begins to ping.
	 * @param control the control stream
	 * @param interval the time from an answer to the next ping
	 * @return the heartbeat, which ends by itself with the connection
	 */
	public static Heartbeat start(RequestStream control, Duration interval) {
		Heartbeat heartbeat = new Heartbeat(control, interval);
		heartbeat.schedule();
		return heartbeat;
	}

	/** Ends the heartbeat; the connection stays. */
	public void stop() {
		this.stopped = true;
	}

	private void schedule() {
		this.nextBeat.execute(this::beat);
	}

	private void beat() {
		if (this.stopped || !this.connection.isOpen()) {
			return;
		}
		Duration timeout = this.interval.multipliedBy(INTERVALS);
		this.control.ping(timeout).whenComplete((ignored, failure) -> {
			if (failure == null) {
				schedule();
			}
			else if (!this.stopped && this.connection.isOpen()) {
				close(failure, timeout);
			}
		});
	}

	private void close(Throwable failure, Duration timeout) {
		Throwable cause = Causes.unwrap(failure);
		if (cause instanceof ProtocolException known && known.code() != ErrorCode.TIMEOUT) {
			this.connection.close(known.code(), String.valueOf(known.getMessage()));
		}
		else {
			this.connection.close(ErrorCode.HEARTBEAT_TIMEOUT,
					"No answer to a ping within " + timeout.toMillis() + " ms");
		}
	}

}
