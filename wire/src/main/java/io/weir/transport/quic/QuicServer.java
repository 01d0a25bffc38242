package io.weir.transport.quic;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;

import org.jspecify.annotations.Nullable;

import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ErrorReports;
import io.weir.transport.stream.ServerConnections;
import io.weir.wire.Budgets;

/**
 * A UDP socket on which connections are accepted.
 */
final class QuicServer implements TransportServer {

	private final ServerConnections connections;

	private volatile @Nullable Channel socket;

	QuicServer(Budgets budgets, ErrorReports errors) {
		this.connections = new ServerConnections(budgets, errors);
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
