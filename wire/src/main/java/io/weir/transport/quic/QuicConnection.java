package io.weir.transport.quic;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.AttributeKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.SilenceListener;
import io.weir.transport.StreamHandler;
import io.weir.transport.TransportOptions;
import io.weir.transport.stream.CarrierConnection;
import io.weir.transport.stream.ChannelFrameStream;
import io.weir.transport.stream.ConnectionStreams;
import io.weir.transport.stream.ErrorReports;
import io.weir.transport.stream.RoomMaker;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;
import io.weir.wire.ResetToken;

/** A QUIC connection by Netty. Its state is written on its event loop only. */
final class QuicConnection implements CarrierConnection {

	static final AttributeKey<QuicConnection> KEY = AttributeKey.valueOf(QuicConnection.class, "connection");

	/** How long streams may take to be heard of when the peer's address has changed. */
	private static final long MIGRATION_SECONDS = 1;

	/** QUIC's reason phrases should fit into one packet. */
	private static final int MAX_REASON_CHARS = 256;

	private static final Logger logger = LoggerFactory.getLogger(QuicConnection.class);

	private final CompletableFuture<ProtocolException> closed = new CompletableFuture<>();

	private final ErrorReports errors;

	private final ConnectionStreams streams;

	private final List<Runnable> whenReady = new ArrayList<>(1);

	private Consumer<ProtocolException> whenRefused = (reason) -> {
	};

	private Runnable whenAdmitted = () -> {
	};

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
		this.streams = new ConnectionStreams(this, QuicStreamControl::new, options, budgets, server, errors);
	}

	/** A connection that nothing is asked of but what its options say. */
	static QuicConnection unlimited(TransportOptions options) {
		return new QuicConnection(options, Budgets.unlimited(), RoomMaker.NONE, ErrorReports.NONE);
	}

	@Override
	public ConnectionStreams streams() {
		return this.streams;
	}

	void onAdmitted(Runnable action) {
		this.whenAdmitted = action;
	}

	ErrorReports errors() {
		return this.errors;
	}

	@Override
	public void admit() {
		this.streams.admit();
		this.whenAdmitted.run();
	}

	ChannelHandler events() {
		return new Events();
	}

	void onReady(Runnable action) {
		this.whenReady.add(action);
	}

	/** The peer has closed the connection, perhaps before the handshake was over. */
	void onRefused(Consumer<ProtocolException> action) {
		this.whenRefused = action;
	}

	/** The peer opened a stream. */
	void accept(QuicStreamChannel stream) {
		stream.pipeline().addLast(StrandedWrites.FAILED);
		stream.updatePriority(QuicStreamControl.DATA);
		this.streams.accept(stream);
	}

	@Override
	public CompletionStage<FrameStream> openStream(StreamHandler handler) {
		ProtocolException lost = channel().isOpen() ? null : reason();
		if (lost != null) {
			// Netty may be closing the streams just now, and would forget one more.
			return CompletableFuture.failedFuture(lost);
		}
		CompletableFuture<FrameStream> result = new CompletableFuture<>();
		ChannelFrameStream stream = this.streams.newStream(handler);
		channel().createStream(QuicStreamType.BIDIRECTIONAL, pipeline(stream)).addListener((done) -> {
			if (done.isSuccess()) {
				((QuicStreamChannel) done.getNow()).updatePriority(QuicStreamControl.DATA);
				result.complete(stream);
			}
			else {
				ProtocolException ended = this.closed.getNow(null);
				result.completeExceptionally((ended != null) ? ended : QuicErrors.streamFailed(done.cause()));
			}
		});
		return result;
	}

	private static ChannelHandler pipeline(ChannelFrameStream stream) {
		return new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				channel.pipeline().addLast(StrandedWrites.FAILED, stream.pipelineHandler());
			}

		};
	}

	/**
	 * The peer has another address: a NAT forgot it, or it is on another network. quiche
	 * never repeats what was on its way to the old address (its issue 2452), and the
	 * streams concerned would carry nothing any more. So each stream is probed, and the
	 * connection given up if one does not answer: what follows a reconnect loses nothing.
	 */
	private void peerMigrated() {
		logger.debug("{} has another address", this);
		this.streams.probe();
		long probed = System.nanoTime();
		channel().eventLoop().schedule(this.errors.guarded("Looking for lost streams", () -> {
			if (this.streams.isUnanswered(probed)) {
				close(ErrorCode.HEARTBEAT_TIMEOUT, "What was on its way when the peer's address changed is lost");
			}
		}), MIGRATION_SECONDS, TimeUnit.SECONDS);
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

	@Override
	public void asked() {
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

	@Override
	public @Nullable ProtocolException reason() {
		QuicChannel quic = channel();
		if (this.reason == null && !quic.isOpen()) {
			// The streams of a lost connection end before it says so.
			this.reason = new ProtocolException(ErrorCode.CONNECTION_LOST,
					quic.isTimedOut() ? "The peer was silent for too long" : "The connection was lost");
		}
		return this.reason;
	}

	@Override
	public ProtocolException explain(Throwable failure) {
		return QuicErrors.streamFailed(failure);
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
				ProtocolException refusal = QuicErrors.closedByPeer(close);
				QuicConnection.this.reason = refusal;
				QuicConnection.this.whenRefused.accept(refusal);
				closeSoon(context);
			}
			else if (event instanceof QuicPathEvent.PeerMigrated) {
				peerMigrated();
			}
			context.fireUserEventTriggered(event);
		}

		/**
		 * When what came before is read, but not only when no packet can be on the way
		 * any more (RFC 9000 §10.2): that may take ten seconds on a bad network, and
		 * those who wait for answers ask again elsewhere.
		 */
		private void closeSoon(ChannelHandlerContext context) {
			context.executor().execute(context.channel()::close);
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
			QuicConnection.this.streams.end();
			QuicConnection.this.closed.complete(reason());
			context.fireChannelInactive();
		}

	}

}
