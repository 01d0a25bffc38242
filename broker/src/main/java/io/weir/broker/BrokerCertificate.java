package io.weir.broker;

import java.nio.file.Path;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;

import io.weir.transport.tls.ServerTls;
import io.weir.wire.ProtocolException;

/** The certificate that a broker shows, which is configured or made. */
final class BrokerCertificate {

	private BrokerCertificate() {
	}

	/**
	 * Reads the certificate, or makes one.
	 * @throws BrokerException if what is configured cannot be used
	 */
	static ServerTls of(BrokerSettings settings) {
		Supplier<KeyManagerFactory> configured = settings.certificate();
		if (configured != null) {
			return read(configured);
		}
		if (settings.carrier() == Carrier.IN_PROCESS) {
			return ServerTls.selfSignedWhenNeeded();
		}
		Path directory = settings.dataDirectory();
		return (directory != null) ? ServerTls.selfSigned(directory) : ServerTls.selfSigned();
	}

	/**
	 * Reads a certificate.
	 * @throws BrokerException if it cannot be used
	 */
	static ServerTls read(Supplier<KeyManagerFactory> configured) {
		try {
			return ServerTls.of(configured.get());
		}
		catch (ProtocolException ex) {
			throw new BrokerException(String.valueOf(ex.getMessage()), "certificate", ex);
		}
	}

}
