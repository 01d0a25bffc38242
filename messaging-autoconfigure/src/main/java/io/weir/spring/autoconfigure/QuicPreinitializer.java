package io.weir.spring.autoconfigure;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;

import io.weir.transport.TransportOptions;
import io.weir.transport.quic.QuicTransport;
import io.weir.wire.ProtocolException;

/**
 * Loads the native library of QUIC and the classes around it while the application
 * context is still being read, which would hold up the client by as long.
 */
final class QuicPreinitializer implements BackgroundPreinitializer {

	@Override
	public void preinitialize() {
		try {
			QuicTransport.create(TransportOptions.DEFAULTS).close();
		}
		catch (ProtocolException ex) {
			// The client will say it, if there is to be one.
		}
	}

}
