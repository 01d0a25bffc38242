package io.weir.transport.quic;

import io.weir.transport.CarrierContract;
import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;

class QuicCarrierTest extends CarrierContract {

	@Override
	protected Transport newTransport(TransportOptions options) {
		return QuicTransport.create(options);
	}

}
