package io.weir.broker;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.codec.FrameDecoder;
import io.weir.wire.codec.FrameEncoder;

/**
 * A client that writes what it likes and reads nothing, and has told the broker that it
 * has next to no room.
 */
final class UnreadingClient implements AutoCloseable {

	private static final int ROOM = 64;

	private static final int SECONDS = 10;

	private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	/** Completes when the broker closes the connection. */
	private final CompletableFuture<ErrorCode> closedByBroker = new CompletableFuture<>();

	private final List<Long> answered = new CopyOnWriteArrayList<>();

	private final Channel socket;

	private final QuicChannel connection;

	UnreadingClient(InetSocketAddress address) throws Exception {
		this.socket = new Bootstrap().group(this.eventLoops)
			.channel(NioDatagramChannel.class)
			.handler(new QuicClientCodecBuilder()
				.sslContext(QuicSslContextBuilder.forClient()
					.trustManager(InsecureTrustManagerFactory.INSTANCE)
					.applicationProtocols(Limits.ALPN)
					.build())
				.maxIdleTimeout(30, TimeUnit.SECONDS)
				.initialMaxData(1024 * 1024)
				.initialMaxStreamDataBidirectionalLocal(ROOM)
				.initialMaxStreamDataBidirectionalRemote(ROOM)
				.initialMaxStreamsBidirectional(100)
				.build())
			.bind(0)
			.sync()
			.channel();
		this.connection = QuicChannel.newBootstrap(this.socket).handler(new ChannelInboundHandlerAdapter() {

			@Override
			public void userEventTriggered(ChannelHandlerContext context, Object event) {
				if (event instanceof QuicConnectionCloseEvent close) {
					UnreadingClient.this.closedByBroker.complete(ErrorCode.of(close.error()));
				}
			}

		})
			.streamOption(ChannelOption.AUTO_READ, false)
			.streamHandler(new ChannelInboundHandlerAdapter())
			.remoteAddress(address)
			.connect()
			.get(SECONDS, TimeUnit.SECONDS);
	}

	/** Says CONNECT; the answer just fits into the room that there is. */
	QuicStreamChannel connect() throws Exception {
		QuicStreamChannel control = open();
		control.writeAndFlush(bytes(1, new Frame.Connect("u", null))).sync();
		return control;
	}

	QuicStreamChannel open() throws Exception {
		return this.connection.newStreamBootstrap()
			.type(QuicStreamType.BIDIRECTIONAL)
			.option(ChannelOption.AUTO_READ, false)
			.handler(new Reader())
			.create()
			.get(SECONDS, TimeUnit.SECONDS);
	}

	/** The request ids of the answers, once somebody has switched reading on. */
	List<Long> answered() {
		return this.answered;
	}

	/** So many pings at once. */
	static ByteBuf pings(int count, long firstId) {
		ByteBuf pings = ByteBufAllocator.DEFAULT.buffer(count * 16);
		for (int i = 0; i < count; i++) {
			ByteBuf ping = bytes(firstId + i, new Frame.Ping(i));
			pings.writeBytes(ping);
			ping.release();
		}
		return pings;
	}

	/** A frame of a type that nobody knows and everybody may pass over. */
	static ByteBuf frameToBeSkipped(int length) {
		return ByteBufAllocator.DEFAULT.directBuffer(length + Integer.BYTES)
			.writeInt(0x8000_0000 | length)
			.writeByte(0x3F)
			.writeZero(length - 1);
	}

	static ByteBuf bytes(long requestId, Frame frame) {
		return FrameEncoder.BASIC.encode(ByteBufAllocator.DEFAULT, requestId, frame);
	}

	CompletableFuture<ErrorCode> closedByBroker() {
		return this.closedByBroker;
	}

	@Override
	public void close() {
		this.connection.close().awaitUninterruptibly();
		this.socket.close().awaitUninterruptibly();
		this.eventLoops.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	/** Notes the request ids of what is read, if anything is. */
	private final class Reader extends ChannelInboundHandlerAdapter {

		private final FrameDecoder decoder = new FrameDecoder(Limits.DEFAULT_MAX_FRAME_SIZE);

		private final ByteBuf rest = Unpooled.buffer();

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ByteBuf bytes = (ByteBuf) message;
			this.rest.writeBytes(bytes);
			bytes.release();
			this.decoder.decode(this.rest, (requestId, frame) -> {
				frame.release();
				UnreadingClient.this.answered.add(requestId);
			});
		}

	}

}
