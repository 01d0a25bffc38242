package io.weir.transport.quic;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;

import org.jspecify.annotations.Nullable;

import io.weir.time.DurationRange;
import io.weir.transport.Connection;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ErrorReports;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Makes and accepts QUIC connections (RFC 9000) by Netty, on the client's side over a
 * socket and an event loop of each connection's own.
 */
public final class QuicTransport implements Transport {

	/**
	 * What one stream may have on the way; quiche raises it by itself for fast readers.
	 */
	private static final long STREAM_WINDOW = 4L * 1024 * 1024;

	private static final long CONNECTION_WINDOW = 16L * 1024 * 1024;

	/**
	 * How many addresses a client may have in the life of a connection. quiche keeps a
	 * path for each, never gives one up while nobody retires its connection id, which
	 * Netty does not, and ignores a client beyond this limit. The default of 2 survives
	 * one rebinding of a NAT.
	 */
	private static final int CLIENT_ADDRESSES = 64;

	private static final int SHUTDOWN_SECONDS = 5;

	private final DatagramSockets sockets = new DatagramSockets();

	private final TransportOptions options;

	private final EventLoopGroup eventLoops;

	private final ChannelGroup openSockets = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

	private final ErrorReports errors;

	private final @Nullable ResetKey resetKey;

	private final QuicTls tls = new QuicTls();

	private QuicTransport(TransportOptions options, String threadName, ErrorReports errors,
			@Nullable ResetKey resetKey) {
		this.options = options;
		this.errors = errors;
		this.resetKey = resetKey;
		this.eventLoops = this.sockets.newEventLoops(options.threads(), threadName);
	}

	/**
	 * Creates a transport.
	 * @param options how its connections behave
	 * @return the transport, which the caller must close
	 * @throws ProtocolException {@link ErrorCode#INVALID_CONFIGURATION} if there is no
	 * native QUIC library for this platform
	 */
	public static QuicTransport create(TransportOptions options) {
		return create(options, "weir-quic");
	}

	/**
	 * Creates a transport.
	 * @param options how its connections behave
	 * @param threadName how the names of its threads begin
	 * @return the transport, which the caller must close
	 * @throws ProtocolException {@link ErrorCode#INVALID_CONFIGURATION} if there is no
	 * native QUIC library for this platform
	 */
	public static QuicTransport create(TransportOptions options, String threadName) {
		return create(options, threadName, (error) -> {
		}, null);
	}

	/**
	 * Creates a transport.
	 * @param options how its connections behave
	 * @param threadName how the names of its threads begin
	 * @param errors is told, on an event loop, of an {@link Error} after which the JVM
	 * may be unsound; what it hit has ended
	 * @param resetKey by which clients of an earlier server at the address are told that
	 * their connections are gone, or {@code null} if they are not
	 * @return the transport, which the caller must close
	 * @throws ProtocolException {@link ErrorCode#INVALID_CONFIGURATION} if there is no
	 * native QUIC library for this platform
	 */
	public static QuicTransport create(TransportOptions options, String threadName, Consumer<Error> errors,
			@Nullable ResetKey resetKey) {
		if (!Quic.isAvailable()) {
			throw new ProtocolException(ErrorCode.INVALID_CONFIGURATION,
					"No native QUIC library for " + System.getProperty("os.name") + " on "
							+ System.getProperty("os.arch")
							+ "; is io.netty:netty-codec-native-quic for this platform on the class path?",
					Quic.unavailabilityCause());
		}
		return new QuicTransport(options, threadName, new ErrorReports(errors), resetKey);
	}

	@Override
	public CompletionStage<Connection> connect(InetSocketAddress address, ClientTls tls, StreamAcceptor acceptor) {
		CompletableFuture<Connection> result = new CompletableFuture<>();
		if (address.isUnresolved()) {
			result.completeExceptionally(new ProtocolException(ErrorCode.UNREACHABLE,
					"The host name '" + address.getHostString() + "' cannot be resolved"));
			return result;
		}
		QuicConnection connection = QuicConnection.unlimited(this.options);
		connection.streams().onStream(acceptor);
		AtomicReference<@Nullable SSLEngine> engine = new AtomicReference<>();
		ChannelHandler codec = configure(new QuicClientCodecBuilder()).sslEngineProvider((quic) -> {
			QuicSslEngine made = this.tls.newEngine(tls, quic.alloc(), address.getHostString(), address.getPort());
			engine.set(made);
			return made;
		}).build();
		ChannelFuture bound = this.sockets.newBootstrap(this.eventLoops)
			.handler(socket(new IncomingPackets(connection), codec))
			.bind(0);
		bound.addListener((ignored) -> {
			if (bound.isSuccess()) {
				opened(bound.channel());
				connect(bound.channel(), address, engine::get, connection, result);
			}
			else {
				result.completeExceptionally(QuicErrors.bindFailed(bound.cause(), "a free port"));
			}
		});
		return result;
	}

	private void connect(Channel socket, InetSocketAddress address, Supplier<@Nullable SSLEngine> engine,
			QuicConnection connection, CompletableFuture<Connection> result) {
		connection.onRefused((reason) -> {
			if (result.completeExceptionally(reason)) {
				socket.close();
			}
		});
		QuicChannel.newBootstrap(socket)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS,
					Math.toIntExact(DurationRange.waitMillis(this.options.connectTimeout())))
			.option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, this.sockets.segments())
			.handler(connection.events())
			.streamHandler(streams(connection))
			.remoteAddress(address)
			.connect()
			.addListener((done) -> {
				if (!done.isSuccess()) {
					socket.close();
					result.completeExceptionally(QuicErrors.connectFailed(done.cause(), address, engine.get()));
					return;
				}
				connection.closed().whenComplete((reason, ignored) -> socket.close());
				if (!result.complete(connection)) {
					connection.close(ErrorCode.NONE, "nobody waits for the connection any more");
				}
			});
	}

	@Override
	public CompletionStage<TransportServer> bind(InetSocketAddress address, ServerTls tls, ConnectionAcceptor acceptor,
			Budgets budgets) {
		CompletableFuture<TransportServer> result = new CompletableFuture<>();
		QuicServer server = new QuicServer(tls, budgets, this.errors);
		ConnectionIds ids = new ConnectionIds();
		ChannelHandler codec = configure(new QuicServerCodecBuilder()).sslEngineProvider(server::newEngine)
			.tokenHandler(new AddressTokens(System::currentTimeMillis, server.connections()::mayOpen))
			.connectionIdAddressGenerator(ids)
			.activeConnectionIdLimit(CLIENT_ADDRESSES)
			.option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, this.sockets.segments())
			.handler(new ChannelInitializer<QuicChannel>() {

				@Override
				protected void initChannel(QuicChannel channel) {
					QuicConnection connection = new QuicConnection(QuicTransport.this.options, budgets,
							server.connections(), QuicTransport.this.errors);
					connection.resettableBy(QuicTransport.this.resetKey);
					channel.attr(QuicConnection.KEY).set(connection);
					channel.pipeline().addLast(connection.events());
					server.open(channel, connection, acceptor);
				}

				@Override
				public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
					QuicTransport.this.errors.tell(cause);
					super.exceptionCaught(context, cause);
				}

			})
			.streamHandler(new ChannelInitializer<QuicStreamChannel>() {

				@Override
				protected void initChannel(QuicStreamChannel channel) {
					channel.parent().attr(QuicConnection.KEY).get().accept(channel);
				}

				@Override
				public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
					QuicTransport.this.errors.tell(cause);
					super.exceptionCaught(context, cause);
				}

			})
			.build();
		ChannelFuture bound = this.sockets.newBootstrap(this.eventLoops)
			.handler((this.resetKey != null) ? socket(new StatelessResets(ids, this.resetKey), codec) : socket(codec))
			.bind(address);
		bound.addListener((ignored) -> {
			if (bound.isSuccess()) {
				opened(bound.channel());
				server.attach(bound.channel());
				result.complete(server);
			}
			else {
				result.completeExceptionally(QuicErrors.bindFailed(bound.cause(), address));
			}
		});
		return result;
	}

	private void opened(Channel socket) {
		this.openSockets.add(socket);
		this.sockets.logGranted(socket);
	}

	/** For tests of what happens with other settings. */
	void use(ClientTls tls, QuicSslContext context) {
		this.tls.use(tls, context);
	}

	/** How many UDP sockets are held at present. */
	int openSockets() {
		return this.openSockets.size();
	}

	private ChannelHandler socket(ChannelHandler... handlers) {
		return new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel socket) {
				socket.pipeline()
					.addLast(new LossRepair())
					.addLast(handlers)
					.addLast(QuicTransport.this.errors.lastHandler());
			}

		};
	}

	private static ChannelHandler streams(QuicConnection connection) {
		return new ChannelInitializer<QuicStreamChannel>() {

			@Override
			protected void initChannel(QuicStreamChannel channel) {
				connection.accept(channel);
			}

		};
	}

	/** Netty leaves every window, limit and timeout at zero or infinity. */
	private <B extends QuicCodecBuilder<B>> B configure(B codec) {
		return codec.maxIdleTimeout(DurationRange.waitMillis(this.options.idleTimeout()), TimeUnit.MILLISECONDS)
			.initialMaxData(CONNECTION_WINDOW)
			.initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
			.initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
			.initialMaxStreamsBidirectional(this.options.maxStreams())
			.maxSendUdpPayloadSize(DatagramSockets.MAX_UDP_PAYLOAD)
			.maxRecvUdpPayloadSize(DatagramSockets.MAX_UDP_PAYLOAD)
			.discoverPmtu(true);
	}

	@Override
	public void close() {
		// While the event loops run, or the native parts of the codecs would stay behind.
		this.openSockets.close().awaitUninterruptibly();
		this.eventLoops.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
	}

}
