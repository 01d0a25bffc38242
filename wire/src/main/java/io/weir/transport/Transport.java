package io.weir.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Makes and accepts connections over one kind of carrier, such as QUIC. Safe to use from
 * any thread. The one who created a transport closes it.
 */
public interface Transport extends AutoCloseable {

	/**
	 * Connects to a server.
	 * @param address the server; if resolved from a name, the name is what certificates
	 * are checked against
	 * @param tls whom to trust
	 * @param acceptor handles the streams that the server opens
	 * @return the connection, or exceptionally a {@link ProtocolException}:
	 * {@link ErrorCode#UNREACHABLE}, {@link ErrorCode#UNTRUSTED_CERTIFICATE},
	 * {@link ErrorCode#UNSUPPORTED_VERSION} or what the server said
	 */
	CompletionStage<Connection> connect(InetSocketAddress address, ClientTls tls, StreamAcceptor acceptor);

	/**
	 * Accepts connections, from clients that may take as much as they like.
	 * @param address where; port 0 for any free one
	 * @param tls the certificate
	 * @param acceptor handles new connections
	 * @return the server, or exceptionally a {@link ProtocolException} with
	 * {@link ErrorCode#INVALID_CONFIGURATION} if the address cannot be bound
	 */
	default CompletionStage<TransportServer> bind(InetSocketAddress address, ServerTls tls,
			ConnectionAcceptor acceptor) {
		return bind(address, tls, acceptor, Budgets.unlimited());
	}

	/**
	 * Accepts connections.
	 * @param address where; port 0 for any free one
	 * @param tls the certificate
	 * @param acceptor handles new connections
	 * @param budgets what the clients may take
	 * @return the server, or exceptionally a {@link ProtocolException} with
	 * {@link ErrorCode#INVALID_CONFIGURATION} if the address cannot be bound
	 */
	CompletionStage<TransportServer> bind(InetSocketAddress address, ServerTls tls, ConnectionAcceptor acceptor,
			Budgets budgets);

	/**
	 * Closes what is left of connections and servers at once, and ends the threads.
	 * Harmless when closed. Must not be called on an event loop.
	 */
	@Override
	void close();

}
