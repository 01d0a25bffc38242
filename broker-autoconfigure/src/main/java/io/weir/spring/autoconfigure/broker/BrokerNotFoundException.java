package io.weir.spring.autoconfigure.broker;

/** The application asks for an embedded broker, but there is none on the class path. */
final class BrokerNotFoundException extends RuntimeException {

	BrokerNotFoundException() {
		super("weir.embedded.enabled is true, but there is no broker on the class path");
	}

}
