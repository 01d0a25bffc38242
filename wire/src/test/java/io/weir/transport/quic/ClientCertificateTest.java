package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.concurrent.Causes;
import io.weir.transport.Connection;
import io.weir.transport.TransportOptions;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

/** A server that asks for the client's certificate: mutual TLS. */
class ClientCertificateTest {

	private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private final QuicTransport client = QuicTransport
		.create(TransportOptions.DEFAULTS.withConnectTimeout(Duration.ofSeconds(20)));

	/** What the server was shown by the client that it took. */
	private final CompletableFuture<Certificate> shown = new CompletableFuture<>();

	private X509Bundle known;

	private InetSocketAddress server;

	@BeforeEach
	void serve() throws Exception {
		this.known = certificate("known");
		X509Bundle own = certificate("localhost");
		ChannelHandler codec = new QuicServerCodecBuilder()
			.sslContext(QuicSslContextBuilder.forServer(own.getKeyPair().getPrivate(), null, own.getCertificatePath())
				.trustManager(this.known.toTrustManagerFactory())
				.clientAuth(ClientAuth.REQUIRE)
				.applicationProtocols(Limits.ALPN)
				.build())
			.maxIdleTimeout(20, TimeUnit.SECONDS)
			.initialMaxData(100_000)
			.initialMaxStreamDataBidirectionalRemote(100_000)
			.initialMaxStreamsBidirectional(10)
			.tokenHandler(InsecureQuicTokenHandler.INSTANCE)
			.handler(new ChannelInboundHandlerAdapter() {

				@Override
				public void channelActive(ChannelHandlerContext context) throws Exception {
					ClientCertificateTest.this.shown
						.complete(((QuicChannel) context.channel()).sslEngine().getSession().getPeerCertificates()[0]);
				}

			})
			.streamHandler(new ChannelInboundHandlerAdapter())
			.build();
		Channel socket = new Bootstrap().group(this.eventLoops)
			.channel(NioDatagramChannel.class)
			.handler(codec)
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.sync()
			.channel();
		this.server = (InetSocketAddress) socket.localAddress();
	}

	@AfterEach
	void close() {
		this.client.close();
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	@Test
	void theClientMustShowItsCertificateToAServerThatAsks() throws Exception {
		connect(ClientTls.insecure().withCertificate(this.known.toKeyManagerFactory()));
		assertThat(this.shown.get(20, TimeUnit.SECONDS)).isEqualTo(this.known.getCertificate());
	}

	@Test
	void aClientWithoutACertificateMustBeRefused() {
		assertThat(endOf(ClientTls.insecure())).isNotNull();
		assertThat(this.shown).isNotDone();
	}

	@Test
	void aClientWithACertificateOfOthersMustBeRefused() throws Exception {
		assertThat(endOf(ClientTls.insecure().withCertificate(certificate("unknown").toKeyManagerFactory())))
			.isNotNull();
		assertThat(this.shown).isNotDone();
	}

	private Connection connect(ClientTls tls) {
		return connecting(tls).orTimeout(20, TimeUnit.SECONDS).join();
	}

	private CompletableFuture<Connection> connecting(ClientTls tls) {
		return this.client.connect(this.server, tls, (stream) -> (out, id, frame) -> frame.release())
			.toCompletableFuture();
	}

	/** The client learns of it when it connects or just after, whatever comes first. */
	private ProtocolException endOf(ClientTls tls) {
		return connecting(tls).thenCompose(Connection::closed)
			.exceptionally((failure) -> (ProtocolException) Causes.unwrap(failure))
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
	}

	private static X509Bundle certificate(String name) throws Exception {
		return new CertificateBuilder().ecp256()
			.subject("CN=" + name)
			.addSanDnsName(name)
			.setIsCertificateAuthority(true)
			.buildSelfSigned();
	}

}
