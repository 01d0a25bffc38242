package io.weir.broker;

import java.nio.file.Path;

import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;
import io.weir.transport.memory.MemoryNetwork;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.quic.ResetKey;

/** What carries the connections of a broker. */
@FunctionalInterface
interface Carrier {

	/** The network's. */
	Carrier QUIC = (options, settings) -> {
		Path directory = settings.dataDirectory();
		return QuicTransport.create(options, "weir-broker", settings.errors(),
				(directory != null) ? ResetKey.in(directory) : null);
	};

	/** For clients of this JVM only. */
	Carrier IN_PROCESS = new Carrier() {

		@Override
		public Transport open(TransportOptions options, BrokerSettings settings) {
			return MemoryNetwork.ofThisJvm().transport(options, "weir-broker");
		}

		@Override
		public String scheme() {
			return "vm";
		}

	};

	/**
	 * How the service URL begins that leads clients here.
	 * @return what is before the colon
	 */
	default String scheme() {
		return "weir";
	}

	/**
	 * Opens the transport of a broker that starts.
	 * @param options how connections behave
	 * @param settings the broker's
	 * @return the transport, which the broker closes
	 * @throws io.weir.wire.ProtocolException if this carrier does not work here
	 */
	Transport open(TransportOptions options, BrokerSettings settings);

}
