package io.weir.client;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import io.weir.broker.Broker;
import io.weir.transport.StreamHandler;
import io.weir.transport.TransportOptions;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.tls.ServerTls;

/** What may be at the address instead of a broker that works. */
final class BrokenServers implements AutoCloseable {

	private final Deque<AutoCloseable> opened = new ArrayDeque<>();

	/** Takes packets and says nothing: as if a firewall dropped them. */
	int silent() throws IOException {
		return opened(new DatagramSocket(0, InetAddress.getLoopbackAddress())).getLocalPort();
	}

	/** Listens on TCP only. */
	int tcp() throws IOException {
		return opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress())).getLocalPort();
	}

	/** Speaks QUIC, but another protocol over it. */
	int ofProtocol(String alpn) throws Exception {
		X509Bundle certificate = authority().buildSelfSigned();
		EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		opened(() -> eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync());
		Channel socket = new Bootstrap().group(eventLoops)
			.channel(NioDatagramChannel.class)
			.handler(new QuicServerCodecBuilder()
				.sslContext(QuicSslContextBuilder
					.forServer(certificate.getKeyPair().getPrivate(), null, certificate.getCertificate())
					.applicationProtocols(alpn)
					.build())
				.tokenHandler(InsecureQuicTokenHandler.INSTANCE)
				.maxIdleTimeout(5, TimeUnit.SECONDS)
				.handler(new ChannelInboundHandlerAdapter() {

					@Override
					public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
						// QUIC tells the peer by itself.
					}

				})
				.streamHandler(new ChannelInboundHandlerAdapter())
				.build())
			.bind(InetAddress.getLoopbackAddress(), 0)
			.sync()
			.channel();
		return ((InetSocketAddress) socket.localAddress()).getPort();
	}

	/** Speaks Weir as a test says. */
	int saying(StreamHandler handler) {
		QuicTransport transport = opened(QuicTransport.create(TransportOptions.DEFAULTS, "broken"));
		return transport
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ServerTls.selfSigned(),
					(connection) -> (stream) -> handler)
			.toCompletableFuture()
			.orTimeout(10, TimeUnit.SECONDS)
			.join()
			.address()
			.getPort();
	}

	/** A broker with a certificate, which is for localhost. */
	int broker(X509Bundle certificate) {
		return opened(Broker.builder().port(0).certificate(() -> {
			try {
				return certificate.toKeyManagerFactory();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}).build()).start().address().getPort();
	}

	static CertificateBuilder authority() {
		return new CertificateBuilder().ecp256().subject("CN=Test authority").setIsCertificateAuthority(true);
	}

	/** A certificate that was, is or will be valid for a day. */
	static X509Bundle certificate(X509Bundle authority, String host, Duration begins) throws Exception {
		Instant begin = Instant.now().plus(begins);
		return new CertificateBuilder().ecp256()
			.subject("CN=" + host)
			.addSanDnsName(host)
			.notBefore(begin)
			.notAfter(begin.plus(Duration.ofDays(1)))
			.buildIssuedBy(authority);
	}

	private <T extends AutoCloseable> T opened(T server) {
		this.opened.push(server);
		return server;
	}

	@Override
	public void close() {
		while (!this.opened.isEmpty()) {
			AutoCloseable server = this.opened.pop();
			try {
				server.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException(server + " could not be closed", ex);
			}
		}
	}

}
