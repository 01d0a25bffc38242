package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.fixtures.Direction;
import io.weir.fixtures.UdpRelay;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Frame;
import io.weir.wire.codec.FrameEncoder;

import static org.awaitility.Awaitility.await;

/** Against a server that says nothing by itself which would set things going again. */
class BusyEventLoopTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Duration ONE_WAY = Duration.ofMillis(200);

	private final ServerTls tls = ServerTls.selfSigned();

	private final DatagramSockets sockets = new DatagramSockets();

	private final EventLoopGroup serverLoop = this.sockets.newEventLoops(1, "server");

	private final QuicTransport clients = QuicTransport.create(TransportOptions.DEFAULTS);

	private final UdpRelay relay = UdpRelay.to(serve()).delay(ONE_WAY).start();

	/** The ids of the streams on which the server has received something. */
	private final List<Long> received = new CopyOnWriteArrayList<>();

	@AfterEach
	void closeAll() {
		this.clients.close();
		this.relay.close();
		this.serverLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	/**
	 * A busy event loop does not notice that the loss timer has run out until there is a
	 * packet, which goes first. It is one that acknowledges nothing, or its coming would
	 * make quiche look for what is lost.
	 */
	@Test
	void whatWasLostMustBeSentAgain() {
		Connection connection = get(this.clients.connect(this.relay.address(), ClientTls.pinned(this.tls.fingerprint()),
				(stream) -> (unexpected, id, frame) -> frame.release()));
		CompletableFuture<Void> answered = new CompletableFuture<>();
		FrameStream lossy = get(connection.openStream((stream, id, frame) -> frame.release()));
		FrameStream other = get(connection.openStream((stream, id, frame) -> {
			frame.release();
			answered.complete(null);
		}));
		awaitQuiet();
		this.relay.blackHole(true);
		lossy.write(0, new Frame.Ping(1));
		await().pollInSameThread()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> this.relay.counters(Direction.TO_SERVER).swallowed() > 0);
		this.relay.blackHole(false);
		other.write(0, new Frame.Ping(2));
		Executor afterAnswer = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS, connection.executor());
		get(answered.thenRunAsync(() -> spin(ONE_WAY.dividedBy(2)), afterAnswer));
		await().atMost(PATIENCE).until(() -> this.received.contains(lossy.id()));
	}

	/** All packets have been acknowledged. */
	private void awaitQuiet() {
		AtomicLong before = new AtomicLong();
		await().during(ONE_WAY.multipliedBy(3)).until(() -> {
			long now = packets();
			return before.getAndSet(now) == now;
		});
	}

	private long packets() {
		return this.relay.counters(Direction.TO_SERVER).received()
				+ this.relay.counters(Direction.TO_CLIENT).received();
	}

	private static void spin(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

	private InetSocketAddress serve() {
		Bootstrap bootstrap = this.sockets.newBootstrap(this.serverLoop)
			.handler(new QuicServerCodecBuilder().sslContext(QuicTls.context(this.tls))
				.tokenHandler(InsecureQuicTokenHandler.INSTANCE)
				.maxIdleTimeout(30, TimeUnit.SECONDS)
				.maxRecvUdpPayloadSize(DatagramSockets.MAX_UDP_PAYLOAD)
				.initialMaxData(1_000_000)
				.initialMaxStreamDataBidirectionalRemote(1_000_000)
				.initialMaxStreamsBidirectional(10)
				.streamHandler(new ChannelInitializer<QuicStreamChannel>() {

					@Override
					protected void initChannel(QuicStreamChannel stream) {
						stream.pipeline().addLast(new AnswerTwice());
					}

				})
				.build());
		Channel socket = bootstrap.bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
		return (InetSocketAddress) socket.localAddress();
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	/** At once, with an acknowledgement, and while the client is busy, without one. */
	private final class AnswerTwice extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object bytes) {
			ReferenceCountUtil.release(bytes);
			BusyEventLoopTest.this.received.add(((QuicStreamChannel) context.channel()).streamId());
			answer(context);
			context.executor().schedule(() -> answer(context), ONE_WAY.toMillis() / 3, TimeUnit.MILLISECONDS);
		}

		private void answer(ChannelHandlerContext context) {
			context.write(FrameEncoder.BASIC.encode(context.alloc(), 0, new Frame.Pong(0)));
		}

	}

}
