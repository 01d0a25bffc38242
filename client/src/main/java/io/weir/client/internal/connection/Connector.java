package io.weir.client.internal.connection;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

import io.weir.transport.Connection;
import io.weir.transport.StreamAcceptor;
import io.weir.wire.ProtocolException;

/** Makes connections. */
@FunctionalInterface
public interface Connector {

	/**
	 * Connects. May block while it finds out whom to trust.
	 * @param address where to
	 * @param streams takes the streams that the broker opens
	 * @return the connection, or exceptionally a {@link ProtocolException}
	 */
	CompletionStage<Connection> connect(InetSocketAddress address, StreamAcceptor streams);

}
