package io.weir.transport.quic;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslEngine;

import org.jspecify.annotations.Nullable;

import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ErrorReports;
import io.weir.transport.stream.ServerConnections;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;

/**
 * A UDP socket on which connections are accepted.
 */
final class QuicServer implements TransportServer {

	private final ServerConnections connections;

	private volatile QuicSslContext tls;

	private volatile @Nullable Channel socket;

	QuicServer(ServerTls tls, Budgets budgets, ErrorReports errors) {
		this.tls = QuicTls.context(tls);
		this.connections = new ServerConnections(budgets, errors);
	}

	/** What the handshake of a new connection is made with. */
	QuicSslEngine newEngine(QuicChannel channel) {
		return this.tls.newEngine(channel.alloc());
	}

	ServerConnections connections() {
		return this.connections;
	}

	void attach(Channel socket) {
		this.socket = socket;
	}

	/** The first packet of a connection has come; on the event loop. */
	void open(QuicChannel channel, QuicConnection connection, ConnectionAcceptor acceptor) {
		InetSocketAddress from = (InetSocketAddress) Objects.requireNonNull(channel.remoteSocketAddress());
		ServerConnections.Accepted accepted = this.connections.open(connection, from, channel.eventLoop());
		connection.onAdmitted(accepted::admitted);
		connection.onReady(() -> accepted.ready(acceptor));
		channel.closeFuture().addListener((closed) -> accepted.closed());
	}

	@Override
	public void certificate(ServerTls tls) {
		this.tls = QuicTls.context(tls);
	}

	@Override
	public InetSocketAddress address() {
		return (InetSocketAddress) socket().localAddress();
	}

	@Override
	public CompletionStage<Void> close() {
		return this.connections.close().thenCompose((ignored) -> Futures.completion(socket().close()));
	}

	private Channel socket() {
		return Objects.requireNonNull(this.socket, "A server is handed out when it is bound");
	}

}
