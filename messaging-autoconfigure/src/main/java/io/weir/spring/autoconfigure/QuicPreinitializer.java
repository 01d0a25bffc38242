package io.weir.spring.autoconfigure;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;

import io.weir.client.WeirClient;
import io.weir.client.WeirException;

/**
 * Loads the native library of QUIC and the classes around it while the application
 * context is still being read, which would hold up the client by as long.
 */
final class QuicPreinitializer implements BackgroundPreinitializer {

	@Override
	public void preinitialize() {
		try {
			WeirClient.preload();
		}
		catch (WeirException ex) {
			// The client will say it, if there is to be one.
		}
	}

}
