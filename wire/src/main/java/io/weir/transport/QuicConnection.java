package io.weir.transport;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamPriority;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.AttributeKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.BudgetShare;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.ResetToken;
import io.weir.wire.codec.AssemblyBudget;

/** A QUIC connection by Netty. Its state is written on its event loop only. */
final class QuicConnection implements Connection {

	static final AttributeKey<QuicConnection> KEY = AttributeKey.valueOf(QuicConnection.class, "connection");

	/** Urgency of the control stream and of all others (RFC 9218 §4.1; 0 goes first). */
	static final QuicStreamPriority CONTROL = new QuicStreamPriority(0, true);

	private static final QuicStreamPriority DATA = new QuicStreamPriority(3, true);

	/** How long streams may take to be heard of when the peer's address has changed. */
	private static final long MIGRATION_SECONDS = 1;

	/** QUIC's reason phrases should fit into one packet. */
	private static final int MAX_REASON_CHARS = 256;

	/** What a stream of the peer takes of the memory for what comes, when idle. */
	private static final int STREAM_COST = 4096;

	private static final Logger logger = LoggerFactory.getLogger(QuicConnection.class);

	private final CompletableFuture<ProtocolException> closed = new CompletableFuture<>();

	private final TransportOptions options;

	private final Budgets budgets;

	private final ErrorReports errors;

	private final AssemblyBudget assemblyBudget;

	/** What that has taken of the memory for all. */
	private final BudgetShare incoming;

	private final Outgoing outgoing;

	/** The longest frame that the peer takes. */
	private volatile int peerMaxFrameSize = Limits.DEFAULT_MAX_FRAME_SIZE;

	private final FlightWindow window = new FlightWindow();

	/** Those that are open. */
	private final Set<QuicFrameStream> streams = new LinkedHashSet<>();

	private final List<Runnable> whenReady = new ArrayList<>(1);

	private Consumer<ProtocolException> whenRefused = (reason) -> {
	};

	private Runnable whenAdmitted = () -> {
	};

	private boolean admitted;

	private @Nullable StreamAcceptor acceptor;

	private volatile @Nullable QuicChannel channel;

	private volatile @Nullable SilenceWatch watch;

	private volatile @Nullable ResetToken expectedReset;

	private @Nullable ResetKey resetKey;

	/** Why the connection is about to end, as far as is known before it has ended. */
	private volatile @Nullable ProtocolException reason;

	/**
	 * Creates a connection.
	 * @param options how it behaves
	 * @param budgets what the peer may take, with others
	 * @param server asked to make room if there is no more for all
	 * @param errors is told of errors
	 */
	QuicConnection(TransportOptions options, Budgets budgets, RoomMaker server, ErrorReports errors) {
		this.errors = errors;
		this.options = options;
		this.budgets = budgets;
		this.incoming = new BudgetShare(budgets.of(BrokerLimit.INCOMING_MEMORY));
		Budget beforeConnect = budgets.of(BrokerLimit.INCOMING_MEMORY_BEFORE_CONNECT);
		this.assemblyBudget = new AssemblyBudget(beforeConnect.limit(), beforeConnect, this.incoming,
				(needed, held) -> server.makeRoom(BrokerLimit.INCOMING_MEMORY, needed, held));
		this.outgoing = new Outgoing(budgets,
				(needed, held) -> server.makeRoom(BrokerLimit.OUTGOING_MEMORY, needed, held), this::heldChanged);
	}

	/** A connection that nothing is asked of but what its options say. */
	static QuicConnection unlimited(TransportOptions options) {
		return new QuicConnection(options, Budgets.unlimited(), (limit, needed, held) -> {
		}, ErrorReports.NONE);
	}

	ErrorReports errors() {
		return this.errors;
	}

	Budgets budgets() {
		return this.budgets;
	}

	Outgoing outgoing() {
		return this.outgoing;
	}

	/** What the peer has taken of a limit that is for all. */
	private BudgetShare share(BrokerLimit limit) {
		return (limit == BrokerLimit.INCOMING_MEMORY) ? this.incoming : this.outgoing.share();
	}

	/** How much the peer has taken of a limit that is for all. */
	long used(BrokerLimit limit) {
		return share(limit).used();
	}

	/** Ends the connection, which has taken the most, so that others find room. */
	void giveWay(BrokerLimit limit) {
		long used = used(limit);
		share(limit).end();
		close(ErrorCode.OVERLOADED,
				"The broker has no more memory for its clients, of which this one has taken the most: " + used
						+ " bytes of " + limit.key());
	}

	private void heldChanged() {
		List.copyOf(this.streams).forEach(QuicFrameStream::heldChanged);
	}

	void onAdmitted(Runnable action) {
		this.whenAdmitted = action;
	}

	@Override
	public void admit() {
		this.admitted = true;
		Budget perConnection = this.budgets.of(BrokerLimit.INCOMING_MEMORY_PER_CONNECTION);
		long longest = QuicFrameStream.maxLength(this.options);
		this.assemblyBudget.limit(longest + Math.min(perConnection.limit(), Long.MAX_VALUE - longest), perConnection);
		this.whenAdmitted.run();
	}

	TransportOptions options() {
		return this.options;
	}

	AssemblyBudget assemblyBudget() {
		return this.assemblyBudget;
	}

	@Override
	public void limitFrames(int maxFrameSize) {
		this.peerMaxFrameSize = maxFrameSize;
	}

	int peerMaxFrameSize() {
		return this.peerMaxFrameSize;
	}

	ChannelHandler events() {
		return new Events();
	}

	void onReady(Runnable action) {
		this.whenReady.add(action);
	}

	/**
	 * The peer has closed the connection. That is known at once, but the connection ends
	 * only when no packets of it can be on the way any more: seconds later if the
	 * handshake was not over (RFC 9000 §10.2).
	 */
	void onRefused(Consumer<ProtocolException> action) {
		this.whenRefused = action;
	}

	void onStream(StreamAcceptor acceptor) {
		this.acceptor = acceptor;
	}

	@Override
	public void waits(long bytes) {
		this.outgoing.changed(bytes, 0);
	}

	/** The peer opened a stream. */
	void accept(QuicStreamChannel stream) {
		StreamAcceptor acceptor = this.acceptor;
		if (acceptor == null) {
			stream.close();
			return;
		}
		Budget beforeConnect = this.budgets.of(BrokerLimit.STREAMS_BEFORE_CONNECT);
		if (!this.admitted && this.streams.size() >= beforeConnect.limit()) {
			beforeConnect.countRefusal();
			stream.close();
			close(ErrorCode.PROTOCOL_VIOLATION,
					"More than " + beforeConnect.limit() + " streams were opened before CONNECT");
			return;
		}
		try {
			this.assemblyBudget.take(STREAM_COST);
		}
		catch (ProtocolException ex) {
			stream.shutdown(ex.code().number());
			stream.close();
			return;
		}
		stream.updatePriority(DATA);
		QuicFrameStream accepted = new QuicFrameStream(this, STREAM_COST);
		accepted.handler(acceptor.accept(accepted));
		stream.pipeline().addLast(accepted.pipelineHandler());
	}

	@Override
	public CompletionStage<FrameStream> openStream(StreamHandler handler) {
		ProtocolException lost = channel().isOpen() ? null : reason();
		if (lost != null) {
			// Netty may be closing the streams just now, and would forget one more.
			return CompletableFuture.failedFuture(lost);
		}
		CompletableFuture<FrameStream> result = new CompletableFuture<>();
		QuicFrameStream stream = new QuicFrameStream(this, 0);
		stream.handler(handler);
		channel().createStream(QuicStreamType.BIDIRECTIONAL, stream.pipelineHandler()).addListener((done) -> {
			if (done.isSuccess()) {
				((QuicStreamChannel) done.getNow()).updatePriority(DATA);
				result.complete(stream);
			}
			else {
				ProtocolException ended = this.closed.getNow(null);
				result.completeExceptionally((ended != null) ? ended : TransportErrors.streamFailed(done.cause()));
			}
		});
		return result;
	}

	void opened(QuicFrameStream stream) {
		this.streams.add(stream);
	}

	void ended(QuicFrameStream stream) {
		this.streams.remove(stream);
		this.assemblyBudget.giveBack(stream.cost());
	}

	/**
	 * The peer has another address: a NAT forgot it, or it is on another network. quiche
	 * never repeats what was on its way to the old address (its issue 2452), and the
	 * streams concerned would carry nothing any more. So each stream is probed, and the
	 * connection given up if one does not answer: what follows a reconnect loses nothing.
	 */
	private void peerMigrated() {
		logger.debug("{} has another address", this);
		this.streams.forEach(QuicFrameStream::probe);
		long probed = System.nanoTime();
		channel().eventLoop().schedule(this.errors.guarded("Looking for lost streams", () -> {
			if (this.streams.stream().anyMatch((stream) -> stream.isUnanswered(probed))) {
				close(ErrorCode.HEARTBEAT_TIMEOUT, "What was on its way when the peer's address changed is lost");
			}
		}), MIGRATION_SECONDS, TimeUnit.SECONDS);
	}

	/** Ends streams on which an incomplete frame does not get on; on the event loop. */
	void endSlowFrames() {
		Budget timeout = this.budgets.of(BrokerLimit.FRAME_TIMEOUT);
		for (QuicFrameStream stream : List.copyOf(this.streams)) {
			if (stream.endIfTooSlow(timeout.limit())) {
				timeout.countRefusal();
			}
		}
	}

	/** A server's connection, which a later server can reset. */
	void resettableBy(@Nullable ResetKey key) {
		this.resetKey = key;
	}

	@Override
	public @Nullable ResetToken resetToken() {
		ResetKey key = this.resetKey;
		QuicConnectionAddress local = channel().localAddress();
		return (key != null && local != null) ? key.token(ConnectionIds.bytes(local)) : null;
	}

	@Override
	public void expectReset(ResetToken token) {
		this.expectedReset = token;
	}

	@Nullable ResetToken expectedReset() {
		return this.expectedReset;
	}

	@Override
	public void onSilence(RequestStream control, SilenceListener listener) {
		QuicChannel quic = channel();
		this.watch = new SilenceWatch(quic.eventLoop(), new WatchedPeer(this, quic, control, listener));
	}

	/** Something was sent that is to be answered; on any thread. */
	void asked() {
		SilenceWatch watching = this.watch;
		if (watching != null) {
			watching.asked();
		}
	}

	/** A packet came; on the event loop. */
	void heard() {
		SilenceWatch watching = this.watch;
		if (watching != null) {
			watching.heard();
		}
	}

	/** Whether anything was asked that is not answered; on the event loop. */
	boolean awaitsAnswer() {
		return this.streams.stream().anyMatch(QuicFrameStream::awaitsAnswer);
	}

	/** The server does not know the connection; on the event loop. */
	void wasReset() {
		if (this.reason == null) {
			this.reason = new ProtocolException(ErrorCode.CONNECTION_LOST,
					"The server does not know the connection; it was restarted");
		}
	}

	@Override
	public boolean isOpen() {
		return this.reason == null && !this.closed.isDone();
	}

	@Override
	public CompletionStage<ProtocolException> closed() {
		return this.closed.minimalCompletionStage();
	}

	@Override
	public CompletionStage<Void> close(ErrorCode code, String text) {
		QuicChannel quic = channel();
		quic.eventLoop().execute(() -> {
			if (this.reason == null) {
				this.reason = new ProtocolException(code, text);
			}
			quic.close(true, code.number(), phrase(text));
		});
		return this.closed.thenAccept((ignored) -> {
		});
	}

	/** Memory may be why the connection is closed. */
	private static ByteBuf phrase(String text) {
		try {
			String phrase = text.substring(0, Math.min(text.length(), MAX_REASON_CHARS));
			return Unpooled.copiedBuffer(phrase, StandardCharsets.UTF_8);
		}
		catch (OutOfMemoryError ex) {
			return Unpooled.EMPTY_BUFFER;
		}
	}

	@Override
	public SocketAddress remoteAddress() {
		SocketAddress address = channel().remoteSocketAddress();
		return (address != null) ? address : channel().remoteAddress();
	}

	@Override
	public Executor executor() {
		return channel().eventLoop();
	}

	/** Shared by the streams; of the event loop. */
	FlightWindow window() {
		return this.window;
	}

	/** Why a stream of this connection ended that did not say why itself. */
	@Nullable ProtocolException reason() {
		QuicChannel quic = channel();
		if (this.reason == null && !quic.isOpen()) {
			// The streams of a lost connection end before it says so.
			this.reason = new ProtocolException(ErrorCode.CONNECTION_LOST,
					quic.isTimedOut() ? "The peer was silent for too long" : "The connection was lost");
		}
		return this.reason;
	}

	private QuicChannel channel() {
		return Objects.requireNonNull(this.channel, "A connection is handed out when it is up");
	}

	@Override
	public String toString() {
		return "QuicConnection[" + this.channel + "]";
	}

	/** What happens to the connection as a whole. */
	private final class Events extends ChannelInboundHandlerAdapter {

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			QuicConnection.this.channel = (QuicChannel) context.channel();
		}

		@Override
		public void channelActive(ChannelHandlerContext context) {
			QuicConnection.this.whenReady.forEach(Runnable::run);
			context.fireChannelActive();
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof QuicConnectionCloseEvent close && QuicConnection.this.reason == null) {
				ProtocolException refusal = TransportErrors.closedByPeer(close);
				QuicConnection.this.reason = refusal;
				QuicConnection.this.whenRefused.accept(refusal);
			}
			else if (event instanceof QuicPathEvent.PeerMigrated) {
				peerMigrated();
			}
			context.fireUserEventTriggered(event);
		}

		/**
		 * QUIC's own failures close the connection by themselves, and must be left the
		 * time to tell the peer.
		 */
		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			QuicConnection.this.errors.tell(cause);
			if (cause instanceof RuntimeException || cause instanceof Error) {
				logger.error("{} could not be accepted", QuicConnection.this, cause);
				close(ErrorCode.INTERNAL, "The connection could not be accepted");
			}
			else {
				logger.debug("{} failed", QuicConnection.this, cause);
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			QuicConnection.this.incoming.end();
			QuicConnection.this.outgoing.share().end();
			QuicConnection.this.closed.complete(reason());
			context.fireChannelInactive();
		}

	}

	/** Ends connections that have taken more of a limit than another one asks for. */
	@FunctionalInterface
	interface RoomMaker {

		/**
		 * Makes room, if that can be.
		 * @param limit of which limit
		 * @param needed how much
		 * @param held those who have taken more may be ended for it
		 */
		void makeRoom(BrokerLimit limit, long needed, long held);

	}

}
