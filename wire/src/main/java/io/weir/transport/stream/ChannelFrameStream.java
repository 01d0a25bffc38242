package io.weir.transport.stream;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.ErrorCode.Severity;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.FrameEncoder;
import io.weir.wire.codec.FrameProgress;
import io.weir.wire.codec.FrameSink;

/**
 * A stream on a Netty channel. Its state is written on the event loop only, but for
 * {@code open}, which whoever closes it clears at once.
 */
public final class ChannelFrameStream implements FrameStream {

	private static final Logger logger = LoggerFactory.getLogger(ChannelFrameStream.class);

	private final ConnectionStreams streams;

	private final CarrierConnection connection;

	private final int cost;

	private final StreamOutput output;

	private final Inbound inbound = new Inbound();

	private @Nullable StreamHandler handler;

	private final ReadingState reading = new ReadingState();

	private volatile @Nullable Channel channel;

	private volatile @Nullable StreamControl control;

	private volatile boolean open = true;

	private @Nullable Throwable failure;

	/**
	 * Creates a stream.
	 * @param cost what it takes of the connection's memory for what comes
	 */
	ChannelFrameStream(ConnectionStreams streams, int cost) {
		this.streams = streams;
		this.connection = streams.connection();
		this.cost = cost;
		this.output = new StreamOutput(streams, this::heldChanged, this::outputBroken);
	}

	void handler(StreamHandler handler) {
		this.handler = handler;
	}

	/**
	 * What makes a stream of a channel.
	 * @return the end of the channel's pipeline
	 */
	public ChannelHandler pipelineHandler() {
		return this.inbound;
	}

	@Override
	public long id() {
		return control().id();
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
		EventLoops.execute(channel(), () -> {
			this.reading.want(reading);
			heldChanged();
		});
	}

	private boolean isToBeRead() {
		return this.reading.isToBeRead(this.output.isHeld(), this.streams.outgoing().isHeld());
	}

	/** The peer is held back, here or everywhere, or no longer; on the event loop. */
	void heldChanged() {
		if (!this.open) {
			return;
		}
		if (isToBeRead()) {
			// Not at once: who is held back is so while something is being written.
			EventLoops.later(channel(), this.inbound::adjust);
		}
		else {
			this.inbound.adjust();
			this.output.drain(channel());
		}
	}

	@Override
	public void prioritise() {
		this.reading.prioritise();
		control().prioritise();
	}

	@Override
	public void close() {
		this.open = false;
		Channel stream = channel();
		EventLoops.execute(stream, () -> {
			if (stream.isOpen()) {
				this.output.whenEmpty(control()::shutdownOutput);
			}
		});
	}

	@Override
	public void reset(ErrorCode code) {
		Channel stream = channel();
		EventLoops.execute(stream, () -> reset(stream, code));
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
		this.streams.errors().tell(cause);
		if (this.failure == null) {
			logger.error("A frame could not be written on {}", this, cause);
			reset(channel(), StreamFailures.code(cause));
		}
	}

	private void reset(Channel stream, ErrorCode code) {
		if (this.failure == null) {
			this.failure = new ProtocolException(code, "The stream was reset: " + code);
		}
		this.open = false;
		if (stream.isOpen()) {
			control().reset(code);
			stream.close();
		}
	}

	private ProtocolException ended() {
		ProtocolException reason = this.connection.reason();
		return (reason != null) ? reason : new ProtocolException(ErrorCode.CONNECTION_LOST, "The stream has ended");
	}

	/**
	 * What carries the stream, for its carrier.
	 * @return the channel
	 */
	public Channel channel() {
		return Objects.requireNonNull(this.channel, "A stream is handed out when it is open");
	}

	private StreamControl control() {
		return Objects.requireNonNull(this.control, "A stream is handed out when it is open");
	}

	private StreamHandler handler() {
		return Objects.requireNonNull(this.handler, "A stream has a handler before it has frames");
	}

	@Override
	public String toString() {
		return "ChannelFrameStream[" + this.channel + "]";
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
				handler().onRefused(ChannelFrameStream.this, requestId, cause);
			}

		};

		private @Nullable StreamInput input;

		/** The peer has ended the stream. */
		private boolean complete;

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			ConnectionStreams streams = ChannelFrameStream.this.streams;
			ChannelFrameStream.this.control = streams.control(context.channel());
			ChannelFrameStream.this.channel = context.channel();
			streams.opened(ChannelFrameStream.this);
			this.input = new StreamInput(context.alloc(), streams.options(), streams.assemblyBudget(), this.sink);
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
			if (ChannelFrameStream.this.reading.wasHeldBack()) {
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
			if (ChannelFrameStream.this.failure != null) {
				frame.release();
				return;
			}
			if (requestId != Probes.REQUEST_ID || !ChannelFrameStream.this.output.takes(channel(), frame)) {
				handler().onFrame(ChannelFrameStream.this, requestId, frame);
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
			ChannelFrameStream.this.streams.errors().tell(cause);
			if (ChannelFrameStream.this.failure != null) {
				return;
			}
			ProtocolException failure = ChannelFrameStream.this.connection.explain(cause);
			ChannelFrameStream.this.failure = failure;
			input().release();
			if (cause instanceof ProtocolException) {
				tellPeer(failure);
			}
			else if (cause instanceof RuntimeException || cause instanceof Error) {
				logger.error("A frame on {} could not be handled", ChannelFrameStream.this, cause);
				tellPeer(new ProtocolException(StreamFailures.code(cause), "The frame could not be handled", cause));
			}
			else {
				channel().close();
			}
		}

		/** The failure is of our making or of our finding. */
		private void tellPeer(ProtocolException failure) {
			String message = String.valueOf(failure.getMessage());
			if (failure.code().severity() == Severity.CONNECTION) {
				ChannelFrameStream.this.connection.close(failure.code(), message);
				return;
			}
			Channel stream = channel();
			try {
				stream.writeAndFlush(
						FrameEncoder.BASIC.encode(stream.alloc(), 0, new Frame.ErrorReply(failure.code(), message)));
			}
			finally {
				reset(stream, failure.code());
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			input().release();
			ChannelFrameStream.this.open = false;
			ChannelFrameStream.this.streams.ended(ChannelFrameStream.this, ChannelFrameStream.this.cost);
			Throwable cause = ChannelFrameStream.this.failure;
			ChannelFrameStream.this.output.fail(ended());
			handler().onClosed(ChannelFrameStream.this,
					(cause != null) ? cause : ChannelFrameStream.this.connection.reason());
			context.fireChannelInactive();
		}

	}

}
