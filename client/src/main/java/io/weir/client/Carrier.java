package io.weir.client;

import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;
import io.weir.transport.memory.MemoryNetwork;
import io.weir.transport.quic.QuicTransport;

/** What carries the connections of a client. */
@FunctionalInterface
interface Carrier {

	/** The network's. */
	Carrier QUIC = QuicTransport::create;

	/** To brokers of this JVM only. */
	Carrier IN_PROCESS = (options, threadName) -> MemoryNetwork.ofThisJvm().transport(options, threadName);

	/**
	 * Opens the transport of a client.
	 * @param options how connections behave
	 * @param threadName how the names of its threads begin
	 * @return the transport, which the client closes
	 * @throws io.weir.wire.ProtocolException if this carrier does not work here
	 */
	Transport open(TransportOptions options, String threadName);

}
