package io.weir.transport.memory;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.transport.TransportOptions;
import io.weir.transport.stream.CarrierConnection;
import io.weir.transport.stream.ChannelFrameStream;
import io.weir.transport.stream.ConnectionStreams;
import io.weir.transport.stream.ErrorReports;
import io.weir.transport.stream.RoomMaker;
import io.weir.transport.stream.StreamFailures;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * One side of a connection. Its state is written on its event loop only; what it has to
 * say to the other side is a task of that one's.
 */
final class MemoryConnection implements CarrierConnection {

	/** As in QUIC, the numbers of streams tell who opened them. */
	private static final int STEP = 4;

	private static final Logger logger = LoggerFactory.getLogger(MemoryConnection.class);

	private final CompletableFuture<ProtocolException> closed = new CompletableFuture<>();

	private final Set<MemoryChannel> channels = new LinkedHashSet<>();

	private final EventLoop eventLoop;

	private final InetSocketAddress remoteAddress;

	private final ErrorReports errors;

	private final ConnectionStreams streams;

	private @Nullable MemoryConnection peer;

	private @Nullable Gate gate;

	private long nextStream;

	/** How many more streams the other side takes. */
	private int granted;

	private Runnable whenAdmitted = () -> {
	};

	private volatile @Nullable ProtocolException reason;

	private boolean ending;

	/**
	 * Creates one side.
	 * @param eventLoop to stay on
	 * @param remoteAddress of the other side
	 * @param options how it behaves
	 * @param budgets what the other side may take
	 * @param server asked to make room if there is no more for all
	 * @param errors is told of errors
	 */
	MemoryConnection(EventLoop eventLoop, InetSocketAddress remoteAddress, TransportOptions options, Budgets budgets,
			RoomMaker server, ErrorReports errors) {
		this.eventLoop = eventLoop;
		this.remoteAddress = remoteAddress;
		this.errors = errors;
		this.streams = new ConnectionStreams(this, MemoryStreamControl::new, options, budgets, server, errors);
	}

	/** Joins two sides, before they are used. */
	static void join(MemoryConnection client, TransportOptions ofClient, MemoryConnection server,
			TransportOptions ofServer, Gate gate) {
		client.peer = server;
		client.gate = gate;
		server.gate = gate;
		client.granted = ofServer.maxStreams();
		server.peer = client;
		server.granted = ofClient.maxStreams();
		server.nextStream = 1;
	}

	private MemoryConnection peer() {
		return Objects.requireNonNull(this.peer, "Sides are joined before they are used");
	}

	/** Has the other side do something, when it hears of it. */
	private void tellPeer(Consumer<MemoryConnection> news) {
		MemoryConnection other = peer();
		gate().pass(() -> later(other, () -> news.accept(other)));
	}

	private Gate gate() {
		return Objects.requireNonNull(this.gate, "Sides are joined before they are used");
	}

	/** Does something on the event loop; not if that has ended. */
	private static void later(MemoryConnection side, Runnable task) {
		try {
			side.eventLoop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("{} has ended with its transport", side, ex);
		}
	}

	void onAdmitted(Runnable action) {
		this.whenAdmitted = action;
	}

	@Override
	public void admit() {
		this.streams.admit();
		this.whenAdmitted.run();
	}

	@Override
	public ConnectionStreams streams() {
		return this.streams;
	}

	@Override
	public CompletionStage<FrameStream> openStream(StreamHandler handler) {
		CompletableFuture<FrameStream> result = new CompletableFuture<>();
		try {
			this.eventLoop.execute(() -> open(handler, result));
		}
		catch (RejectedExecutionException ex) {
			result
				.completeExceptionally(new ProtocolException(ErrorCode.CONNECTION_LOST, "The transport is closed", ex));
		}
		return result;
	}

	private void open(StreamHandler handler, CompletableFuture<FrameStream> result) {
		ProtocolException ended = this.reason;
		if (ended != null) {
			result.completeExceptionally(ended);
			return;
		}
		if (this.granted == 0) {
			result.completeExceptionally(StreamFailures.tooManyStreams());
			return;
		}
		this.granted--;
		MemoryConnection other = peer();
		MemoryChannel channel = new MemoryChannel(this.nextStream, this.eventLoop, this.channels::remove);
		MemoryChannel theirs = new MemoryChannel(this.nextStream, other.eventLoop, other::acceptedClosed);
		MemoryChannel.join(channel, theirs, gate());
		this.nextStream += STEP;
		tellPeer((acceptor) -> acceptor.accept(theirs));
		ChannelFrameStream stream = this.streams.newStream(handler);
		channel.pipeline().addLast(stream.pipelineHandler());
		this.channels.add(channel);
		this.eventLoop.register(channel);
		result.complete(stream);
	}

	private void accept(MemoryChannel channel) {
		this.eventLoop.register(channel);
		if (this.ending) {
			channel.close();
			return;
		}
		this.channels.add(channel);
		try {
			this.streams.accept(channel);
		}
		catch (RuntimeException | Error ex) {
			this.errors.tell(ex);
			logger.error("A stream of {} could not be accepted", this, ex);
			channel.close();
		}
	}

	private void acceptedClosed(MemoryChannel channel) {
		this.channels.remove(channel);
		tellPeer((opener) -> opener.granted++);
	}

	@Override
	public CompletionStage<Void> close(ErrorCode code, String text) {
		later(this, () -> {
			tellPeer((other) -> other.closedByPeer(code, text));
			end(new ProtocolException(code, text));
		});
		return this.closed.thenAccept((ignored) -> {
		});
	}

	private void closedByPeer(ErrorCode code, String text) {
		end(new ProtocolException(code, text.isEmpty() ? "The peer closed the connection: " + code : text));
	}

	private void end(ProtocolException cause) {
		if (this.ending) {
			return;
		}
		this.ending = true;
		this.reason = cause;
		List.copyOf(this.channels).forEach(Channel::close);
		// After the streams have told their handlers.
		this.eventLoop.execute(() -> {
			this.streams.end();
			this.closed.complete(cause);
		});
	}

	@Override
	public boolean isOpen() {
		return this.reason == null;
	}

	@Override
	public @Nullable ProtocolException reason() {
		return this.reason;
	}

	@Override
	public CompletionStage<ProtocolException> closed() {
		return this.closed.minimalCompletionStage();
	}

	@Override
	public SocketAddress remoteAddress() {
		return this.remoteAddress;
	}

	@Override
	public Executor executor() {
		return this.eventLoop;
	}

	@Override
	public ProtocolException explain(Throwable failure) {
		return (failure instanceof StreamResetException reset)
				? new ProtocolException(reset.code(), String.valueOf(reset.getMessage()), reset)
				: StreamFailures.of(failure);
	}

	@Override
	public String toString() {
		return "MemoryConnection[" + this.remoteAddress + "]";
	}

}
