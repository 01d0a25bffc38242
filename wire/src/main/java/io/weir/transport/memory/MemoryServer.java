package io.weir.transport.memory;

import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.EventLoop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ErrorReports;
import io.weir.transport.stream.ServerConnections;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A port of a network in memory. All its connections are on its event loop. */
final class MemoryServer implements TransportServer {

	private static final Logger logger = LoggerFactory.getLogger(MemoryServer.class);

	private final MemoryTransport transport;

	private final InetSocketAddress address;

	private final EventLoop eventLoop;

	private volatile ServerTls tls;

	private final ConnectionAcceptor acceptor;

	private final Budgets budgets;

	private final ServerConnections connections;

	private final Set<MemoryConnection> open = ConcurrentHashMap.newKeySet();

	private final Gate gate = new Gate();

	MemoryServer(MemoryTransport transport, InetSocketAddress address, EventLoop eventLoop, ServerTls tls,
			ConnectionAcceptor acceptor, Budgets budgets) {
		this.transport = transport;
		this.address = address;
		this.eventLoop = eventLoop;
		this.tls = tls;
		this.acceptor = acceptor;
		this.budgets = budgets;
		this.connections = new ServerConnections(budgets, ErrorReports.NONE);
	}

	EventLoop eventLoop() {
		return this.eventLoop;
	}

	Gate gate() {
		return this.gate;
	}

	/** On any thread. */
	void disconnect() {
		this.open.forEach((connection) -> connection.close(ErrorCode.CONNECTION_LOST, "The connection was lost"));
	}

	TransportOptions options() {
		return this.transport.options();
	}

	/**
	 * What remains of a TLS handshake where nothing is encrypted.
	 * @throws ProtocolException {@link ErrorCode#UNTRUSTED_CERTIFICATE}
	 */
	void checkTrust(ClientTls client) {
		if (client.trustsAnybody()) {
			return;
		}
		try {
			client.trustManager().checkServerTrusted(this.tls.chain(), "UNKNOWN");
		}
		catch (CertificateException ex) {
			throw new ProtocolException(ErrorCode.UNTRUSTED_CERTIFICATE,
					"The certificate of " + this.address + " is not trusted: " + ex.getMessage(), ex);
		}
	}

	/**
	 * A client connects; on the event loop.
	 * @return the server's side, to be joined and then opened
	 * @throws ProtocolException {@link ErrorCode#UNREACHABLE} if it is one too many now
	 */
	MemoryConnection newConnection(InetSocketAddress from) {
		if (!this.connections.mayOpen()) {
			throw new ProtocolException(ErrorCode.UNREACHABLE, "No answer from " + this.address);
		}
		return new MemoryConnection(this.eventLoop, from, options(), this.budgets, this.connections, ErrorReports.NONE);
	}

	/** Both sides are there; on the event loop. */
	void open(MemoryConnection connection, InetSocketAddress from) {
		ServerConnections.Accepted accepted = this.connections.open(connection, from, this.eventLoop);
		connection.onAdmitted(accepted::admitted);
		connection.closed().thenRun(accepted::closed);
		this.transport.opened(connection);
		this.open.add(connection);
		connection.closed().thenRun(() -> this.open.remove(connection));
		try {
			accepted.ready(this.acceptor);
		}
		catch (RuntimeException ex) {
			logger.error("{} could not be accepted", connection, ex);
			connection.close(ErrorCode.INTERNAL, "The connection could not be accepted");
		}
	}

	@Override
	public void certificate(ServerTls tls) {
		this.tls = tls;
	}

	@Override
	public InetSocketAddress address() {
		return this.address;
	}

	@Override
	public CompletionStage<Void> close() {
		this.transport.network().remove(this);
		return this.connections.close();
	}

}
