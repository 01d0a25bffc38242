package io.weir.transport;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.QuicStreamChannel;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;
import io.weir.wire.ErrorCode.Severity;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.FrameEncoder;
import io.weir.wire.codec.FrameProgress;
import io.weir.wire.codec.FrameSink;

/**
 * A stream of a {@link QuicConnection}. Its state is written on the event loop only, but
 * for {@code open}, which whoever closes it clears at once.
 */
final class QuicFrameStream implements FrameStream {

	private static final Logger logger = LoggerFactory.getLogger(QuicFrameStream.class);

	private final QuicConnection connection;

	private final int cost;

	private final StreamOutput output;

	private final Inbound inbound = new Inbound();

	private @Nullable StreamHandler handler;

	/** Whether the handler wants frames. */
	private boolean wanted = true;

	/** Whether the handler has wanted none since the progress was looked at. */
	private boolean heldBack;

	/** Read though the connection is held back. */
	private boolean prioritised;

	private volatile @Nullable QuicStreamChannel channel;

	private volatile boolean open = true;

	private @Nullable Throwable failure;

	/**
	 * Creates a stream.
	 * @param cost what it takes of the connection's memory for what comes
	 */
	QuicFrameStream(QuicConnection connection, int cost) {
		this.connection = connection;
		this.cost = cost;
		this.output = new StreamOutput(connection.window(), connection::peerMaxFrameSize, connection.outgoing(),
				connection.budgets().of(BrokerLimit.OUTGOING_MEMORY_PER_STREAM), this::heldChanged, this::outputBroken);
	}

	int cost() {
		return this.cost;
	}

	/** The longest frame that is taken in fragments, in bytes after its length. */
	static int maxLength(TransportOptions options) {
		return options.maxMessageSize() + Limits.MAX_FRAME_FIELDS;
	}

	void handler(StreamHandler handler) {
		this.handler = handler;
	}

	ChannelHandler pipelineHandler() {
		return this.inbound;
	}

	@Override
	public long id() {
		return channel().streamId();
	}

	@Override
	public Connection connection() {
		return this.connection;
	}

	@Override
	public CompletionStage<Void> write(long requestId, Frame frame) {
		if (!this.open) {
			frame.release();
			return CompletableFuture.failedFuture(ended());
		}
		CompletionStage<Void> written = this.output.write(channel(), requestId, frame);
		if (requestId != 0) {
			this.connection.asked();
		}
		return written;
	}

	@Override
	public boolean isOpen() {
		return this.open && this.connection.isOpen();
	}

	@Override
	public void setReading(boolean reading) {
		execute(channel(), () -> {
			this.wanted = reading;
			this.heldBack |= !reading;
			heldChanged();
		});
	}

	private boolean isToBeRead() {
		return this.wanted && !this.output.isHeld() && (this.prioritised || !this.connection.outgoing().isHeld());
	}

	/** The peer is held back, here or everywhere, or no longer; on the event loop. */
	void heldChanged() {
		if (!this.open) {
			return;
		}
		if (isToBeRead()) {
			// Not at once: who is held back is so while something is being written.
			later(channel(), this.inbound::adjust);
		}
		else {
			this.inbound.adjust();
			this.output.drain(channel());
		}
	}

	@Override
	public void prioritise() {
		this.prioritised = true;
		channel().updatePriority(QuicConnection.CONTROL);
	}

	@Override
	public void close() {
		this.open = false;
		QuicStreamChannel stream = channel();
		execute(stream, () -> {
			if (stream.isOpen()) {
				this.output.whenEmpty(stream::shutdownOutput);
			}
		});
	}

	@Override
	public void reset(ErrorCode code) {
		QuicStreamChannel stream = channel();
		execute(stream, () -> reset(stream, code));
	}

	/** Whether anything was asked here that is not answered; on the event loop. */
	boolean awaitsAnswer() {
		return this.open && handler().awaitsAnswer();
	}

	/** Asks whether the peer has read what was written so far; on the event loop. */
	void probe() {
		if (this.open) {
			this.output.probe(channel());
		}
	}

	/** Whether a probe that was sent by then was not answered; on the event loop. */
	boolean isUnanswered(long sentBy) {
		return this.open && this.output.isUnanswered(sentBy);
	}

	/**
	 * Ends the stream if a frame that is incomplete has not got on since this was called
	 * last; on the event loop. Time in which the handler wanted no frames does not count,
	 * but time in which the peer did not read our answers does.
	 * @param interval how long ago that was
	 * @return whether it was ended
	 */
	boolean endIfTooSlow(long interval) {
		return this.open && this.inbound.endIfTooSlow(interval);
	}

	/** Not even an error could be said now: the peer could take it for something else. */
	private void outputBroken(Throwable cause) {
		this.connection.errors().tell(cause);
		if (this.failure == null) {
			logger.error("A frame could not be written on {}", this, cause);
			reset(channel(), codeOf(cause));
		}
	}

	private static ErrorCode codeOf(Throwable cause) {
		return (cause instanceof OutOfMemoryError) ? ErrorCode.OVERLOADED : ErrorCode.INTERNAL;
	}

	private void reset(QuicStreamChannel stream, ErrorCode code) {
		if (this.failure == null) {
			this.failure = new ProtocolException(code, "The stream was reset: " + code);
		}
		this.open = false;
		if (stream.isOpen()) {
			stream.shutdown(code.number());
			stream.close();
		}
	}

	private static void execute(QuicStreamChannel stream, Runnable task) {
		if (stream.eventLoop().inEventLoop()) {
			task.run();
		}
		else {
			later(stream, task);
		}
	}

	private static void later(QuicStreamChannel stream, Runnable task) {
		try {
			stream.eventLoop().execute(task);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The transport is closed, and the stream with it", ex);
		}
	}

	private ProtocolException ended() {
		ProtocolException reason = this.connection.reason();
		return (reason != null) ? reason : new ProtocolException(ErrorCode.CONNECTION_LOST, "The stream has ended");
	}

	QuicStreamChannel channel() {
		return Objects.requireNonNull(this.channel, "A stream is handed out when it is open");
	}

	private StreamHandler handler() {
		return Objects.requireNonNull(this.handler, "A stream has a handler before it has frames");
	}

	@Override
	public String toString() {
		return "QuicFrameStream[" + this.channel + "]";
	}

	/** Takes what comes, and tells of the end. */
	private final class Inbound extends ChannelInboundHandlerAdapter {

		private final FrameSink sink = new FrameSink() {

			@Override
			public void frame(long requestId, Frame frame) {
				dispatch(requestId, frame);
			}

			@Override
			public void refused(long requestId, ProtocolException cause) {
				if (requestId == 0) {
					throw cause;
				}
				handler().onRefused(QuicFrameStream.this, requestId, cause);
			}

		};

		private @Nullable StreamInput input;

		/** The peer has ended the stream. */
		private boolean complete;

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			QuicFrameStream.this.channel = (QuicStreamChannel) context.channel();
			context.pipeline().addFirst(StrandedWrites.FAILED);
			QuicConnection connection = QuicFrameStream.this.connection;
			connection.opened(QuicFrameStream.this);
			this.input = new StreamInput(context.alloc(), connection.options(), connection.assemblyBudget(), this.sink);
			if (!isToBeRead()) {
				this.input.pause();
				context.channel().config().setAutoRead(false);
			}
		}

		private StreamInput input() {
			return Objects.requireNonNull(this.input, "A handler is added before it is used");
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object bytes) {
			input().read((ByteBuf) bytes);
			adjust();
		}

		/** Reading goes on or not, as is wanted now. */
		void adjust() {
			StreamInput input = input();
			if (!isToBeRead()) {
				input.pause();
			}
			else {
				resume(input);
			}
			if (!input.isDecoding() && channel().isOpen()) {
				channel().config().setAutoRead(isToBeRead());
				closeIfComplete();
			}
		}

		boolean endIfTooSlow(long interval) {
			if (QuicFrameStream.this.heldBack) {
				QuicFrameStream.this.heldBack = !QuicFrameStream.this.wanted;
				input().restartTiming();
				return false;
			}
			if (!input().isTooSlow()) {
				return false;
			}
			failed(new ProtocolException(ErrorCode.TIMEOUT, "Of a frame that is incomplete less than one in "
					+ FrameProgress.PARTS + " bytes has come in " + interval + " ms"));
			return true;
		}

		private void resume(StreamInput input) {
			try {
				input.resume();
			}
			catch (RuntimeException | Error ex) {
				failed(ex);
			}
		}

		private void closeIfComplete() {
			if (this.complete && !input().isHeldUp()) {
				channel().close();
			}
		}

		private void dispatch(long requestId, Frame frame) {
			if (QuicFrameStream.this.failure != null) {
				frame.release();
				return;
			}
			if (requestId == StreamOutput.PROBE_ID && frame instanceof Frame.Ping ping) {
				QuicFrameStream.this.output.answerProbe(channel(), ping.nonce());
			}
			else if (requestId == StreamOutput.PROBE_ID && frame instanceof Frame.Pong pong) {
				QuicFrameStream.this.output.answered(channel(), pong.nonce());
			}
			else {
				handler().onFrame(QuicFrameStream.this, requestId, frame);
			}
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof ChannelInputShutdownReadComplete) {
				this.complete = true;
				closeIfComplete();
			}
			context.fireUserEventTriggered(event);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			failed(cause);
		}

		private void failed(Throwable cause) {
			QuicFrameStream.this.connection.errors().tell(cause);
			if (QuicFrameStream.this.failure != null) {
				return;
			}
			ProtocolException failure = TransportErrors.streamFailed(cause);
			QuicFrameStream.this.failure = failure;
			input().release();
			if (cause instanceof ProtocolException) {
				tellPeer(failure);
			}
			else if (cause instanceof RuntimeException || cause instanceof Error) {
				logger.error("A frame on {} could not be handled", QuicFrameStream.this, cause);
				tellPeer(new ProtocolException(codeOf(cause), "The frame could not be handled", cause));
			}
			else {
				channel().close();
			}
		}

		/** The failure is of our making or of our finding. */
		private void tellPeer(ProtocolException failure) {
			String message = String.valueOf(failure.getMessage());
			if (failure.code().severity() == Severity.CONNECTION) {
				QuicFrameStream.this.connection.close(failure.code(), message);
				return;
			}
			QuicStreamChannel stream = channel();
			try {
				stream.write(FrameEncoder.encode(stream.alloc(), 0, new Frame.ErrorReply(failure.code(), message)));
			}
			finally {
				reset(stream, failure.code());
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			input().release();
			QuicFrameStream.this.open = false;
			QuicFrameStream.this.connection.ended(QuicFrameStream.this);
			Throwable cause = QuicFrameStream.this.failure;
			if (cause == null) {
				cause = QuicFrameStream.this.connection.reason();
			}
			QuicFrameStream.this.output.fail(ended());
			handler().onClosed(QuicFrameStream.this, cause);
			context.fireChannelInactive();
		}

	}

}
