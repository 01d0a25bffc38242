package io.weir.transport.memory;

import io.weir.transport.CarrierContract;
import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;

class MemoryCarrierTest extends CarrierContract {

	private final MemoryNetwork network = new MemoryNetwork();

	@Override
	protected Transport newTransport(TransportOptions options) {
		return this.network.transport(options, "memory");
	}

}
