package io.weir.transport.stream;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.ConnectionAcceptor;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;

/**
 * The connections of a server, whatever carries them: whom it lets in, how long they may
 * take to say who they are, and who goes when memory is short. Of the server's event
 * loop, which is that of all its connections, where not said otherwise.
 */
public final class ServerConnections implements RoomMaker {

	private static final Logger logger = LoggerFactory.getLogger(ServerConnections.class);

	private final Budgets budgets;

	private final ErrorReports errors;

	private final Admission admission;

	private final Set<CarrierConnection> connections = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a server without connections.
	 * @param budgets what the clients may take
	 * @param errors is told of errors
	 */
	public ServerConnections(Budgets budgets, ErrorReports errors) {
		this.budgets = budgets;
		this.errors = errors;
		this.admission = new Admission(budgets, System::nanoTime);
	}

	/**
	 * Whether anything may be kept of a new connection. If not, the client is given no
	 * answer now and asks again.
	 * @return whether there is room, for which another connection may have been closed
	 */
	public boolean mayOpen() {
		return this.admission.mayOpen();
	}

	/**
	 * Something is kept of a new connection.
	 * @param connection the connection, whose handshake need not be over
	 * @param from the client's address
	 * @param eventLoop the connection's
	 * @return is to be told how the connection fares
	 */
	public Accepted open(CarrierConnection connection, InetSocketAddress from, ScheduledExecutorService eventLoop) {
		this.connections.add(connection);
		this.admission.opened(connection, from);
		return new Accepted(connection, from, eventLoop);
	}

	@Override
	public void makeRoom(BrokerLimit limit, long needed, long held) {
		Budget budget = this.budgets.of(limit);
		while (needed > budget.limit() - budget.used()) {
			CarrierConnection largest = this.connections.stream()
				.max(Comparator.comparingLong((connection) -> connection.streams().used(limit)))
				.filter((connection) -> connection.streams().used(limit) > held)
				.orElse(null);
			if (largest == null) {
				return;
			}
			logger.warn("{} is closed, since it has taken {} of {} bytes of {}", largest, largest.streams().used(limit),
					budget.limit(), limit.key());
			largest.streams().giveWay(limit);
		}
	}

	/**
	 * Closes all connections, and tells the clients that the server goes away; on any
	 * thread.
	 * @return completes when all are closed
	 */
	public CompletionStage<Void> close() {
		CompletableFuture<?>[] closing = this.connections.stream()
			.map((connection) -> connection.close(ErrorCode.GOING_AWAY, "The broker is shutting down"))
			.map(CompletionStage::toCompletableFuture)
			.toArray(CompletableFuture[]::new);
		return CompletableFuture.allOf(closing).exceptionally((failure) -> null);
	}

	/** A connection from its first packet to its end, on its event loop. */
	public final class Accepted {

		private final CarrierConnection connection;

		private final InetSocketAddress from;

		private final Future<?> connectTimeout;

		private final Future<?> frameTimeout;

		private boolean welcome;

		private Accepted(CarrierConnection connection, InetSocketAddress from, ScheduledExecutorService eventLoop) {
			this.connection = connection;
			this.from = from;
			this.connectTimeout = closeIfLate(eventLoop);
			this.frameTimeout = watchFrames(eventLoop);
		}

		private Future<?> closeIfLate(ScheduledExecutorService eventLoop) {
			Budget timeout = ServerConnections.this.budgets.of(BrokerLimit.CONNECT_TIMEOUT);
			long millis = Math.min(timeout.limit(), BrokerLimit.CONNECT_TIMEOUT.max());
			return eventLoop.schedule(ServerConnections.this.errors.guarded("Closing a late connection", () -> {
				timeout.countRefusal();
				this.connection.close(ErrorCode.TIMEOUT, "CONNECT did not come within " + millis + " ms");
			}), millis, TimeUnit.MILLISECONDS);
		}

		private Future<?> watchFrames(ScheduledExecutorService eventLoop) {
			Budget timeout = ServerConnections.this.budgets.of(BrokerLimit.FRAME_TIMEOUT);
			long millis = Math.min(timeout.limit(), BrokerLimit.FRAME_TIMEOUT.max());
			Runnable look = ServerConnections.this.errors.guarded("Looking for slow frames",
					this.connection.streams()::endSlowFrames);
			return eventLoop.scheduleWithFixedDelay(look, millis, millis, TimeUnit.MILLISECONDS);
		}

		/**
		 * The handshake is over: the client can open streams, or is told that it is one
		 * too many.
		 * @param acceptor decides who handles the streams
		 */
		public void ready(ConnectionAcceptor acceptor) {
			if (ServerConnections.this.admission.isWelcome(this.connection, this.from)) {
				this.welcome = true;
				this.connection.streams().onStream(acceptor.accept(this.connection));
			}
		}

		/** The client has said who it is. */
		public void admitted() {
			this.connectTimeout.cancel(false);
			ServerConnections.this.admission.admitted(this.connection);
		}

		/** The connection has ended. */
		public void closed() {
			this.connectTimeout.cancel(false);
			this.frameTimeout.cancel(false);
			ServerConnections.this.connections.remove(this.connection);
			ServerConnections.this.admission.closed(this.connection, this.from, this.welcome);
		}

	}

}
