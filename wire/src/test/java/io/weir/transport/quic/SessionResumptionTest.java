package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.SslEarlyDataReadyEvent;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.handler.ssl.util.SimpleTrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.fixtures.ServerPorts;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;

import static org.assertj.core.api.Assertions.assertThat;

/** A TLS session is resumed without another look at the certificate (RFC 8446 §2.2). */
class SessionResumptionTest {

	private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	private final List<QuicTransport> transports = new ArrayList<>();

	private final AtomicInteger verifications = new AtomicInteger();

	private final QuicTransport client = transport();

	private TransportServer server;

	@BeforeEach
	void serve() {
		this.server = serve(0);
	}

	@AfterEach
	void closeTransports() {
		this.transports.forEach(QuicTransport::close);
	}

	@Test
	void aConnectionThatFollowsAnotherMustResumeItsSession() {
		ClientTls tls = ClientTls.trust(new CountingTrust());
		connectAndClose(tls);
		assertThat(this.verifications).hasValue(1);
		for (int i = 0; i < 3; i++) {
			connectAndClose(tls);
		}
		assertThat(this.verifications).as("the certificate was looked at once").hasValue(1);
	}

	@Test
	void whoeverTrustsOthersMustBeginAnew() {
		connectAndClose(ClientTls.trust(new CountingTrust()));
		connectAndClose(ClientTls.trust(new CountingTrust()));
		assertThat(this.verifications).hasValue(2);
	}

	@Test
	void aServerThatForgotTheSessionMustBeVerifiedAgain() {
		ClientTls tls = ClientTls.trust(new CountingTrust());
		get(this.server.close());
		int port = ServerPorts.free();
		this.server = serve(port);
		connectAndClose(tls);
		get(this.server.close());
		this.server = serve(port);
		connectAndClose(tls);
		assertThat(this.verifications).hasValue(2);
	}

	/** What comes early can be replayed (RFC 9001 §9.2). */
	@Test
	void theServerMustTakeNoEarlyData() throws Exception {
		QuicSslContext eager = QuicSslContextBuilder.forClient()
			.trustManager(InsecureTrustManagerFactory.INSTANCE)
			.applicationProtocols(Limits.ALPN)
			.earlyData(true)
			.build();
		ClientTls tls = ClientTls.insecure();
		this.client.use(tls, eager);
		connectAndClose(tls);
		AtomicBoolean early = new AtomicBoolean();
		DatagramSockets sockets = new DatagramSockets();
		var eventLoops = sockets.newEventLoops(1, "eager");
		try {
			Channel socket = sockets.newBootstrap(eventLoops)
				.handler(new QuicClientCodecBuilder()
					.sslEngineProvider((quic) -> eager.newEngine(quic.alloc(), host(), port()))
					.maxIdleTimeout(5, TimeUnit.SECONDS)
					.build())
				.bind(0)
				.sync()
				.channel();
			QuicChannel.newBootstrap(socket).handler(new ChannelInboundHandlerAdapter() {

				@Override
				public void userEventTriggered(ChannelHandlerContext context, Object event) {
					early.compareAndSet(false, event instanceof SslEarlyDataReadyEvent);
				}

			})
				.streamHandler(new ChannelInboundHandlerAdapter())
				.remoteAddress(this.server.address())
				.connect()
				.get(10, TimeUnit.SECONDS)
				.close()
				.sync();
			socket.close().sync();
		}
		finally {
			eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
		}
		assertThat(early).as("early data was possible").isFalse();
	}

	private void connectAndClose(ClientTls tls) {
		Connection connection = get(
				this.client.connect(this.server.address(), tls, (stream) -> (from, id, frame) -> frame.release()));
		// The ticket comes with the handshake's end, before the first answer.
		get(get(RequestStream.open(connection)).ping(Duration.ofSeconds(10)));
		get(connection.close(ErrorCode.NONE, "seen"));
	}

	private TransportServer serve(int port) {
		ServerTls tls = ServerTls.selfSigned();
		InetSocketAddress address = new InetSocketAddress(ANY_PORT.getAddress(), port);
		return get(transport().bind(address, tls, (connection) -> (stream) -> (from, id, frame) -> {
			if (frame instanceof Frame.Ping ping) {
				from.write(id, new Frame.Pong(ping.nonce()));
			}
		}));
	}

	private String host() {
		return this.server.address().getHostString();
	}

	private int port() {
		return this.server.address().getPort();
	}

	private QuicTransport transport() {
		QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS);
		this.transports.add(transport);
		return transport;
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
	}

	/** Trusts everybody, and counts how often it was asked. */
	private final class CountingTrust extends SimpleTrustManagerFactory {

		@Override
		protected void engineInit(KeyStore keyStore) {
		}

		@Override
		protected void engineInit(ManagerFactoryParameters parameters) {
		}

		@Override
		protected TrustManager[] engineGetTrustManagers() {
			return new TrustManager[] { new CountingManager() };
		}

	}

	private final class CountingManager extends X509ExtendedTrustManager {

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
			SessionResumptionTest.this.verifications.incrementAndGet();
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
			checkServerTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
			checkServerTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
			throw new UnsupportedOperationException();
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
