package io.weir.transport;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.quic.QuicStreamChannel;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.wire.ErrorCode;
import io.weir.wire.ErrorCode.Severity;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.FragmentAssembler;
import io.weir.wire.codec.FrameDecoder;
import io.weir.wire.codec.FrameEncoder;

/**
 * A stream of a {@link QuicConnection}. Its state is written on the event loop only, but
 * for {@code open}, which whoever closes it clears at once.
 */
final class QuicFrameStream implements FrameStream {

	private static final Logger logger = LoggerFactory.getLogger(QuicFrameStream.class);

	private final QuicConnection connection;

	private final FrameDecoder decoder;

	private final StreamOutput output;

	private @Nullable StreamHandler handler;

	private volatile @Nullable QuicStreamChannel channel;

	private volatile boolean open = true;

	private @Nullable Throwable failure;

	QuicFrameStream(QuicConnection connection) {
		this.connection = connection;
		this.decoder = new FrameDecoder(connection.options().maxFrameSize());
		this.output = new StreamOutput(connection.window(), connection::peerMaxFrameSize);
	}

	/** The longest frame that is taken in fragments, in bytes after its length. */
	static int maxLength(TransportOptions options) {
		return options.maxMessageSize() + Limits.MAX_FRAME_FIELDS;
	}

	void handler(StreamHandler handler) {
		this.handler = handler;
	}

	ChannelHandler pipelineHandler() {
		return new Inbound();
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
		return this.output.write(channel(), requestId, frame);
	}

	@Override
	public boolean isOpen() {
		return this.open && this.connection.isOpen();
	}

	@Override
	public void setReading(boolean reading) {
		channel().config().setAutoRead(reading);
	}

	@Override
	public void prioritise() {
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
			return;
		}
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

	private QuicStreamChannel channel() {
		return Objects.requireNonNull(this.channel, "A stream is handed out when it is open");
	}

	private StreamHandler handler() {
		return Objects.requireNonNull(this.handler, "A stream has a handler before it has frames");
	}

	@Override
	public String toString() {
		return "QuicFrameStream[" + this.channel + "]";
	}

	/** From bytes to frames to the handler. */
	private final class Inbound extends ByteToMessageDecoder {

		private @Nullable FragmentAssembler assembler;

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			QuicFrameStream.this.channel = (QuicStreamChannel) context.channel();
			QuicConnection connection = QuicFrameStream.this.connection;
			connection.opened(QuicFrameStream.this);
			this.assembler = new FragmentAssembler(context.alloc(), maxLength(connection.options()),
					connection.assemblyBudget(), this::dispatch);
		}

		@Override
		protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
			QuicFrameStream.this.decoder.decode(in, assembler());
		}

		private FragmentAssembler assembler() {
			return Objects.requireNonNull(this.assembler, "A handler is added before it is used");
		}

		private void dispatch(long requestId, Frame frame) {
			if (QuicFrameStream.this.failure != null) {
				frame.release();
				return;
			}
			if (requestId == StreamOutput.PROBE_ID && frame instanceof Frame.Ping ping) {
				// Past the frames that wait, or two sides could wait for each other.
				channel().write(FrameEncoder.encode(channel().alloc(), requestId, new Frame.Pong(ping.nonce())));
			}
			else if (requestId == StreamOutput.PROBE_ID && frame instanceof Frame.Pong) {
				QuicFrameStream.this.output.answered(channel());
			}
			else {
				handler().onFrame(QuicFrameStream.this, requestId, frame);
			}
		}

		/** Frames that were cut off by the end of the stream are dropped with it. */
		@Override
		protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
			if (QuicFrameStream.this.failure == null) {
				decode(context, in, out);
			}
			in.skipBytes(in.readableBytes());
		}

		/**
		 * Frames are not passed down the pipeline, which the super class takes for a lack
		 * of bytes: it would read on even when reading is switched off.
		 */
		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			discardSomeReadBytes();
			context.fireChannelReadComplete();
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof ChannelInputShutdownReadComplete) {
				context.close();
			}
			context.fireUserEventTriggered(event);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			Throwable root = (cause instanceof DecoderException && cause.getCause() != null) ? cause.getCause() : cause;
			ProtocolException failure = TransportErrors.streamFailed(root);
			if (QuicFrameStream.this.failure != null) {
				return;
			}
			QuicFrameStream.this.failure = failure;
			assembler().release();
			if (root instanceof RuntimeException && !(root instanceof ProtocolException)) {
				logger.error("A frame on {} could not be handled", QuicFrameStream.this, root);
				failure = new ProtocolException(ErrorCode.INTERNAL, "The frame could not be handled", root);
			}
			if (root instanceof RuntimeException) {
				tellPeer(context, failure);
			}
			else {
				context.close();
			}
		}

		/** The failure is of our making or of our finding. */
		private void tellPeer(ChannelHandlerContext context, ProtocolException failure) {
			String message = String.valueOf(failure.getMessage());
			if (failure.code().severity() == Severity.CONNECTION) {
				QuicFrameStream.this.connection.close(failure.code(), message);
				return;
			}
			ByteBuf error = FrameEncoder.encode(context.alloc(), 0, new Frame.ErrorReply(failure.code(), message));
			context.write(error);
			reset((QuicStreamChannel) context.channel(), failure.code());
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) throws Exception {
			super.channelInactive(context);
			assembler().release();
			QuicFrameStream.this.open = false;
			QuicFrameStream.this.connection.ended(QuicFrameStream.this);
			Throwable cause = QuicFrameStream.this.failure;
			if (cause == null) {
				cause = QuicFrameStream.this.connection.reason();
			}
			QuicFrameStream.this.output.fail(ended());
			handler().onClosed(QuicFrameStream.this, cause);
		}

	}

}
