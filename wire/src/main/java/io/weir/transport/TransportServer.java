package io.weir.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

import io.weir.transport.tls.ServerTls;

/**
 * Where connections are accepted. Safe to use from any thread.
 */
public interface TransportServer {

	/**
	 * Where the server listens.
	 * @return the address, with the port really bound
	 */
	InetSocketAddress address();

	/**
	 * Shows another certificate to the clients that connect from now on. Connections that
	 * there are go on.
	 * @param tls the certificate
	 */
	void certificate(ServerTls tls);

	/**
	 * Closes the connections, telling the clients that the server goes away, then the
	 * socket. Harmless when closed.
	 * @return completes when all is closed
	 */
	CompletionStage<Void> close();

}
