package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.fixtures.memory.FailingAllocator;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ChannelFrameStream;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is begun while a connection ends has an end as well. */
class EndingConnectionTest {

	/** What the server takes of a stream, in bytes. */
	private static final int ROOM = 64;

	private static final Frame TOO_LONG = new Frame.ErrorReply(ErrorCode.NONE, "x".repeat(10 * ROOM));

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** Several times as long as a connection that the peer has closed lasts here. */
	private static final Duration DRAINING = Duration.ofSeconds(1);

	private final FailingAllocator alloc = new FailingAllocator();

	private final ServerTls tls = ServerTls.selfSigned();

	private final CompletableFuture<QuicChannel> accepted = new CompletableFuture<>();

	/**
	 * The server has had something on a stream, so that the handshake is over for good.
	 */
	private final CompletableFuture<Boolean> heard = new CompletableFuture<>();

	private final DatagramSockets sockets = new DatagramSockets();

	private final EventLoopGroup serverLoop = this.sockets.newEventLoops(1, "server");

	private Channel serverSocket;

	private final QuicTransport clients = QuicTransport.create(TransportOptions.DEFAULTS);

	private final QuicConnection connection = (QuicConnection) get(this.clients.connect(serve(),
			ClientTls.pinned(this.tls.fingerprint()), (stream) -> (unexpected, id, frame) -> frame.release()));

	private final FrameStream stream = get(this.connection.openStream((same, id, frame) -> frame.release()));

	@AfterEach
	void close() {
		this.clients.close();
		this.serverSocket.close().awaitUninterruptibly();
		this.serverLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	/**
	 * A busy event loop does not notice that the connection's time is over until it
	 * writes.
	 */
	@Test
	void whatIsBeingWrittenMustFailAndBeReleased() {
		((ChannelFrameStream) this.stream).channel().config().setAllocator(this.alloc);
		CompletableFuture<CompletionStage<Void>> written = new CompletableFuture<>();
		Executor eventLoop = this.connection.executor();
		eventLoop.execute(() -> this.connection.onRefused((reason) -> eventLoop.execute(() -> {
			spin(DRAINING);
			written.complete(this.stream.write(0, TOO_LONG));
		})));
		this.stream.write(0, new Frame.Ok());
		get(this.heard);
		get(this.accepted).close();
		assertThat(get(written).toCompletableFuture()).failsWithin(PATIENCE)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(ProtocolException.class);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.alloc.used()).as("bytes in buffers that nobody released").isZero());
	}

	/** Those who wait for a write learn in the midst of closing that it has failed. */
	@Test
	void streamThatIsOpenedMustBeRefused() {
		CompletableFuture<CompletionStage<FrameStream>> opened = new CompletableFuture<>();
		this.stream.write(0, TOO_LONG).whenComplete((done, failure) -> {
			assertThat(this.connection.closed().toCompletableFuture()).isNotDone();
			opened.complete(this.connection.openStream((same, id, frame) -> frame.release()));
		});
		this.connection.close(ErrorCode.NONE, "as the test wants");
		assertThat(get(opened).toCompletableFuture()).failsWithin(PATIENCE)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(ProtocolException.class);
	}

	/**
	 * And not only when no packet of it can be on its way any more, which takes as long
	 * as many round trips: whoever waits for an answer asks again elsewhere meanwhile.
	 */
	@Test
	void connectionThatThePeerClosesMustEndAtOnce() {
		CompletableFuture<Connection> peer = new CompletableFuture<>();
		try (QuicTransport servers = QuicTransport.create(TransportOptions.DEFAULTS)) {
			TransportServer server = get(
					servers.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this.tls, (accepted) -> {
						peer.complete(accepted);
						return (opened) -> (same, id, frame) -> frame.release();
					}));
			QuicConnection closed = (QuicConnection) get(this.clients.connect(server.address(),
					ClientTls.pinned(this.tls.fingerprint()), (opened) -> (same, id, frame) -> frame.release()));
			ChannelFrameStream waiting = (ChannelFrameStream) get(
					closed.openStream((same, id, frame) -> frame.release()));
			CompletableFuture<Boolean> isOpen = new CompletableFuture<>();
			Executor eventLoop = closed.executor();
			closed.onRefused((reason) -> eventLoop
				.execute(() -> eventLoop.execute(() -> isOpen.complete(waiting.channel().isOpen()))));
			get(peer).close(ErrorCode.GOING_AWAY, "as the test wants");
			assertThat(get(isOpen)).isFalse();
		}
	}

	private static void spin(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

	private InetSocketAddress serve() {
		ChannelHandler codec = new QuicServerCodecBuilder().sslContext(QuicTls.context(this.tls))
			.tokenHandler(InsecureQuicTokenHandler.INSTANCE)
			.maxIdleTimeout(30, TimeUnit.SECONDS)
			.maxRecvUdpPayloadSize(DatagramSockets.MAX_UDP_PAYLOAD)
			.initialMaxData(1_000_000)
			.initialMaxStreamDataBidirectionalRemote(ROOM)
			.initialMaxStreamsBidirectional(10)
			.handler(new ChannelInboundHandlerAdapter() {

				@Override
				public void channelActive(ChannelHandlerContext context) {
					EndingConnectionTest.this.accepted.complete((QuicChannel) context.channel());
				}

			})
			.streamHandler(new ChannelInboundHandlerAdapter() {

				@Override
				public void channelRead(ChannelHandlerContext context, Object bytes) {
					// And no more: what is longer has to wait.
					context.channel().config().setAutoRead(false);
					EndingConnectionTest.this.heard.complete(true);
					context.fireChannelRead(bytes);
				}

			})
			.build();
		this.serverSocket = this.sockets.newBootstrap(this.serverLoop)
			.handler(codec)
			.bind(InetAddress.getLoopbackAddress(), 0)
			.syncUninterruptibly()
			.channel();
		return (InetSocketAddress) this.serverSocket.localAddress();
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

}
