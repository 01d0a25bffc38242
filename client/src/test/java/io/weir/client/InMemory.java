package io.weir.client;

import java.util.function.UnaryOperator;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.broker.MemoryBrokers;
import io.weir.transport.Transport;
import io.weir.transport.memory.MemoryNetwork;

/**
 * Brokers and clients that find each other without a network, for tests that are about
 * neither packets nor certificates.
 */
final class InMemory {

	private final MemoryNetwork network = new MemoryNetwork();

	/** A broker that is not started. */
	Broker broker() {
		return broker(UnaryOperator.identity());
	}

	/** A broker with settings of its own that is not started. */
	Broker broker(UnaryOperator<BrokerBuilder> settings) {
		return settings.apply(MemoryBrokers.on(this.network)).build();
	}

	/** A client of whichever broker is at the address of this one. */
	WeirClientBuilder clientOfAny(Broker broker) {
		return new DefaultWeirClientBuilder().carrier(this.network::transport)
			.serviceUrl(broker.serviceUrl())
			.insecure();
	}

	/** A client of one of the brokers, which runs. */
	WeirClientBuilder client(Broker broker) {
		return client(broker, UnaryOperator.identity());
	}

	/** A client of one of the brokers, with something between it and the network. */
	WeirClientBuilder client(Broker broker, UnaryOperator<Transport> between) {
		return new DefaultWeirClientBuilder()
			.carrier((options, threadName) -> between.apply(this.network.transport(options, threadName)))
			.serviceUrl(broker.serviceUrl())
			.fingerprint(broker.certificateFingerprint());
	}

}
