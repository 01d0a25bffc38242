package io.weir.client.hostile;

import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;

import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.FrameDecoder;
import io.weir.wire.codec.FrameEncoder;
import io.weir.wire.codec.FrameSink;

/**
 * Speaks QUIC as it likes: with windows of a few bytes, frames that do not end, and
 * handshakes that go nowhere. Comes from an address of its own.
 */
final class Attacker implements AutoCloseable {

	private static final QuicSslContext TLS = QuicSslContextBuilder.forClient()
		.trustManager(InsecureTrustManagerFactory.INSTANCE)
		.endpointIdentificationAlgorithm(null)
		.applicationProtocols(Limits.ALPN)
		.build();

	/** For streams on which nothing is expected. */
	static final Consumer<Frame> UNHEARD = (frame) -> {
	};

	/**
	 * Netty does not release all that is under way when streams and event loops end in
	 * the course of a write. Such buffers are the garbage collector's, or the attackers
	 * would run out of memory before the broker does.
	 */
	static final ByteBufAllocator COLLECTED = new UnpooledByteBufAllocator(true, true);

	/** Whatever the broker says that it knows. */
	private static final FrameEncoder ENCODER = new FrameEncoder(EnumSet.allOf(Feature.class));

	private static final WriteBufferWaterMark ENOUGH_TO_WRITE = new WriteBufferWaterMark(1024 * 1024, 2 * 1024 * 1024);

	private static final int PATIENCE_SECONDS = 5;

	private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private final InetSocketAddress from;

	private final InetSocketAddress broker;

	private final long window;

	private final Outcomes outcomes;

	private volatile Consumer<Frame> pushed = UNHEARD;

	/**
	 * Creates an attacker.
	 * @param host where it comes from, an address of this machine
	 * @param window how many bytes each stream takes that is not read
	 * @param outcomes counts what becomes of what it does
	 */
	Attacker(String host, InetSocketAddress broker, long window, Outcomes outcomes) {
		this.outcomes = outcomes;
		this.from = new InetSocketAddress(host, 0);
		this.broker = broker;
		this.window = window;
	}

	/** Hears what comes on streams that the broker opens from now on. */
	void onPush(Consumer<Frame> heard) {
		this.pushed = heard;
	}

	/** A connection that is up, or {@code null} if the broker takes none. */
	QuicChannel connect() {
		Future<QuicChannel> connecting = QuicChannel.newBootstrap(socket(Long.MAX_VALUE))
			.handler(new Connected(this.outcomes))
			.streamHandler(new ChannelInitializer<QuicStreamChannel>() {

				@Override
				protected void initChannel(QuicStreamChannel stream) {
					stream.pipeline().addLast(new Listening(Attacker.this.outcomes, Attacker.this.pushed));
				}

			})
			.option(ChannelOption.ALLOCATOR, COLLECTED)
			.streamOption(ChannelOption.ALLOCATOR, COLLECTED)
			.remoteAddress(this.broker)
			.connect();
		boolean connected = succeeded(connecting);
		this.outcomes.count(connected ? "connected" : "not connected");
		return connected ? connecting.getNow() : null;
	}

	/** Begins a handshake, and answers nothing after some datagrams. */
	void connectHalf(long datagrams) {
		QuicChannel.newBootstrap(socket(datagrams))
			.handler(new Connected(this.outcomes))
			.option(ChannelOption.ALLOCATOR, COLLECTED)
			.remoteAddress(this.broker)
			.connect();
	}

	private Channel socket(long datagrams) {
		ChannelHandler codec = new QuicClientCodecBuilder().sslContext(TLS)
			.maxIdleTimeout(30, TimeUnit.SECONDS)
			.initialMaxData(Integer.MAX_VALUE)
			.initialMaxStreamDataBidirectionalLocal(this.window)
			.initialMaxStreamDataBidirectionalRemote(this.window)
			.initialMaxStreamsBidirectional(1024)
			.build();
		return new Bootstrap().group(this.eventLoop)
			.channel(NioDatagramChannel.class)
			.option(ChannelOption.ALLOCATOR, COLLECTED)
			.handler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new Deaf(datagrams), codec);
				}

			})
			.bind(this.from)
			.syncUninterruptibly()
			.channel();
	}

	/** A stream of which nothing is read, or {@code null} if there can be none. */
	QuicStreamChannel openStream(QuicChannel connection) {
		QuicStreamChannel stream = openStream(connection, new Unread());
		if (stream != null) {
			stream.config().setAutoRead(false);
		}
		return stream;
	}

	/** A stream whose answers are read, and counted. */
	QuicStreamChannel openReadStream(QuicChannel connection, Consumer<Frame> heard) {
		return openStream(connection, new Listening(this.outcomes, heard));
	}

	private static QuicStreamChannel openStream(QuicChannel connection, ChannelHandler handler) {
		if (connection == null) {
			return null;
		}
		Future<QuicStreamChannel> opening = connection.createStream(QuicStreamType.BIDIRECTIONAL, handler);
		if (!succeeded(opening)) {
			return null;
		}
		opening.getNow().config().setAllocator(COLLECTED).setWriteBufferWaterMark(ENOUGH_TO_WRITE);
		return opening.getNow();
	}

	/** Writes, unless more than enough waits to be written; says whether it goes on. */
	static boolean write(QuicStreamChannel stream, ByteBuf bytes) {
		if (!stream.isActive()) {
			bytes.release();
			return false;
		}
		if (!stream.isWritable()) {
			bytes.release();
			return true;
		}
		stream.writeAndFlush(bytes);
		return true;
	}

	static boolean write(QuicStreamChannel stream, long requestId, Frame frame) {
		return write(stream, ENCODER.encode(COLLECTED, requestId, frame));
	}

	/**
	 * The beginning of a frame that says how long it will be. Direct, or each stream
	 * would copy it.
	 */
	static ByteBuf beginning(int length, int bytes) {
		return COLLECTED.directBuffer().writeInt(length | (0b10 << 30)).writeZero(bytes);
	}

	private static boolean succeeded(Future<?> future) {
		return future.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS) && future.isSuccess();
	}

	/** Drops what it holds, without a word to the broker. */
	@Override
	public void close() {
		this.eventLoop.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	/** Hears some datagrams and no more. */
	private static final class Deaf extends ChannelInboundHandlerAdapter {

		private long left;

		Deaf(long datagrams) {
			this.left = datagrams;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object datagram) {
			if (this.left-- > 0) {
				context.fireChannelRead(datagram);
			}
			else {
				ReferenceCountUtil.release(datagram);
			}
		}

	}

	/** Counts how connections end. */
	private static final class Connected extends ChannelInboundHandlerAdapter {

		private final Outcomes outcomes;

		Connected(Outcomes outcomes) {
			this.outcomes = outcomes;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof QuicConnectionCloseEvent close) {
				this.outcomes.count("closed: " + (close.isApplicationClose() ? ErrorCode.of(close.error()) : "QUIC"));
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	/** Throws away what comes until reading is off. */
	private static final class Unread extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object bytes) {
			ReferenceCountUtil.release(bytes);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	/**
	 * Counts what comes on a stream, and answers pings, or nothing would be delivered.
	 */
	private static final class Listening extends ByteToMessageDecoder {

		private final FrameDecoder decoder = new FrameDecoder(Limits.DEFAULT_MAX_FRAME_SIZE);

		private final Outcomes outcomes;

		private final Consumer<Frame> heard;

		Listening(Outcomes outcomes, Consumer<Frame> heard) {
			this.outcomes = outcomes;
			this.heard = heard;
		}

		@Override
		protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
			this.decoder.decode(in, new FrameSink() {

				@Override
				public void frame(long requestId, Frame frame) {
					count(frame);
					if (frame instanceof Frame.Ping ping) {
						context.writeAndFlush(
								FrameEncoder.BASIC.encode(context.alloc(), requestId, new Frame.Pong(ping.nonce())));
					}
					Listening.this.heard.accept(frame);
					frame.release();
				}

				@Override
				public void refused(long requestId, ProtocolException cause) {
					throw cause;
				}

			});
		}

		private void count(Frame frame) {
			this.outcomes.count(
					(frame instanceof Frame.ErrorReply error) ? error.code().name() : frame.getClass().getSimpleName());
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			this.outcomes.count((cause instanceof QuicStreamResetException reset)
					? "reset: " + ErrorCode.of(reset.applicationProtocolCode()) : "failed: " + cause);
			context.close();
		}

	}

}
