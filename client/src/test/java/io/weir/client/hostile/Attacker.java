package io.weir.client.hostile;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;

import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.codec.FrameEncoder;

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

	private static final int PATIENCE_SECONDS = 5;

	private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private final InetSocketAddress from;

	private final InetSocketAddress broker;

	private final long window;

	/**
	 * Creates an attacker.
	 * @param host where it comes from, an address of this machine
	 * @param window how many bytes each stream takes that is not read
	 */
	Attacker(String host, InetSocketAddress broker, long window) {
		this.from = new InetSocketAddress(host, 0);
		this.broker = broker;
		this.window = window;
	}

	/** A connection that is up, or {@code null} if the broker takes none. */
	QuicChannel connect() {
		Future<QuicChannel> connecting = QuicChannel.newBootstrap(socket(Long.MAX_VALUE))
			.handler(new Silent())
			.streamHandler(new Silent())
			.remoteAddress(this.broker)
			.connect();
		return succeeded(connecting) ? connecting.getNow() : null;
	}

	/** Begins a handshake, and answers nothing after some datagrams. */
	void connectHalf(long datagrams) {
		QuicChannel.newBootstrap(socket(datagrams)).handler(new Silent()).remoteAddress(this.broker).connect();
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
	static QuicStreamChannel openStream(QuicChannel connection) {
		Future<QuicStreamChannel> opening = connection.createStream(QuicStreamType.BIDIRECTIONAL, new Silent());
		if (!succeeded(opening)) {
			return null;
		}
		opening.getNow().config().setAutoRead(false);
		return opening.getNow();
	}

	/** A stream whose answers are read and thrown away. */
	static QuicStreamChannel openReadStream(QuicChannel connection) {
		QuicStreamChannel stream = openStream(connection);
		if (stream != null) {
			stream.config().setAutoRead(true);
		}
		return stream;
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
		return write(stream, FrameEncoder.encode(ByteBufAllocator.DEFAULT, requestId, frame));
	}

	/** The beginning of a frame that says how long it will be. */
	static ByteBuf beginning(int length, int bytes) {
		return Unpooled.buffer().writeInt(length | (0b10 << 30)).writeZero(bytes);
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

	/** Throws away what comes. */
	@ChannelHandler.Sharable
	private static final class Silent extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ReferenceCountUtil.release(message);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

}
