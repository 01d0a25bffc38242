package io.weir.broker;

import io.weir.transport.memory.MemoryNetwork;

/** Brokers without a network, for tests that are not about it. */
public final class MemoryBrokers {

	private MemoryBrokers() {
	}

	/**
	 * Configures a broker that listens in memory.
	 * @param network where clients find it
	 * @return the builder, with any free port
	 */
	public static BrokerBuilder on(MemoryNetwork network) {
		return new DefaultBrokerBuilder().carrier((options, settings) -> network.transport(options, "weir-broker"))
			.port(0);
	}

}
