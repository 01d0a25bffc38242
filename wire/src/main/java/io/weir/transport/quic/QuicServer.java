package io.weir.transport.quic;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ErrorReports;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;

/**
 * A UDP socket on which connections are accepted.
 */
final class QuicServer implements TransportServer {

	private static final Logger logger = LoggerFactory.getLogger(QuicServer.class);

	private final Budgets budgets;

	private final Admission admission;

	private final Set<QuicConnection> connections = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Channel socket;

	private final ErrorReports errors;

	QuicServer(Budgets budgets, ErrorReports errors) {
		this.errors = errors;
		this.budgets = budgets;
		this.admission = new Admission(budgets, System::nanoTime);
	}

	/** Whether anything may be kept of a new connection; on the event loop. */
	boolean mayOpen() {
		return this.admission.mayOpen();
	}

	void attach(Channel socket) {
		this.socket = socket;
	}

	/** The first packet of a connection has come; on the event loop. */
	void open(QuicChannel channel, QuicConnection connection, ConnectionAcceptor acceptor) {
		InetSocketAddress from = (InetSocketAddress) Objects.requireNonNull(channel.remoteSocketAddress());
		AtomicBoolean welcome = new AtomicBoolean();
		this.connections.add(connection);
		this.admission.opened(connection, from);
		Future<?> timeout = closeIfLate(channel, connection);
		Future<?> slow = watchFrames(channel, connection);
		connection.onAdmitted(() -> {
			timeout.cancel(false);
			this.admission.admitted(connection);
		});
		connection.onReady(() -> {
			if (this.admission.isWelcome(connection, from)) {
				welcome.set(true);
				connection.streams().onStream(acceptor.accept(connection));
			}
		});
		channel.closeFuture().addListener((closed) -> {
			timeout.cancel(false);
			slow.cancel(false);
			this.connections.remove(connection);
			this.admission.closed(connection, from, welcome.get());
		});
	}

	private Future<?> watchFrames(QuicChannel channel, QuicConnection connection) {
		long millis = Math.min(this.budgets.of(BrokerLimit.FRAME_TIMEOUT).limit(), BrokerLimit.FRAME_TIMEOUT.max());
		return channel.eventLoop()
			.scheduleWithFixedDelay(this.errors.guarded("Looking for slow frames", connection.streams()::endSlowFrames),
					millis, millis, TimeUnit.MILLISECONDS);
	}

	private Future<?> closeIfLate(QuicChannel channel, QuicConnection connection) {
		Budget timeout = this.budgets.of(BrokerLimit.CONNECT_TIMEOUT);
		long millis = Math.min(timeout.limit(), BrokerLimit.CONNECT_TIMEOUT.max());
		return channel.eventLoop().schedule(this.errors.guarded("Closing a late connection", () -> {
			timeout.countRefusal();
			connection.close(ErrorCode.TIMEOUT, "CONNECT did not come within " + millis + " ms");
		}), millis, TimeUnit.MILLISECONDS);
	}

	/**
	 * Ends connections that have taken most of a limit, until there is room; on the event
	 * loop.
	 */
	void makeRoom(BrokerLimit limit, long needed, long held) {
		Budget budget = this.budgets.of(limit);
		while (needed > budget.limit() - budget.used()) {
			QuicConnection largest = this.connections.stream()
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

	@Override
	public InetSocketAddress address() {
		return (InetSocketAddress) socket().localAddress();
	}

	@Override
	public CompletionStage<Void> close() {
		CompletableFuture<?>[] closing = this.connections.stream()
			.map((connection) -> connection.close(ErrorCode.GOING_AWAY, "The broker is shutting down"))
			.map(CompletionStage::toCompletableFuture)
			.toArray(CompletableFuture[]::new);
		return CompletableFuture.allOf(closing)
			.handle((ignored, failure) -> failure)
			.thenCompose((ignored) -> Futures.completion(socket().close()));
	}

	private Channel socket() {
		return Objects.requireNonNull(this.socket, "A server is handed out when it is bound");
	}

}
