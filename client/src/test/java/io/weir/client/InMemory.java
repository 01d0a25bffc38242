package io.weir.client;

import java.util.function.UnaryOperator;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.broker.MemoryBrokers;
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

	/** A client of one of the brokers, which runs. */
	WeirClientBuilder client(Broker broker) {
		return new DefaultWeirClientBuilder().carrier(this.network::transport)
			.serviceUrl(broker.serviceUrl())
			.fingerprint(broker.certificateFingerprint());
	}

}
