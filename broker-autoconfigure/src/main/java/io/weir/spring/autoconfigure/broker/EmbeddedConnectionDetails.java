package io.weir.spring.autoconfigure.broker;

import io.weir.broker.Broker;
import io.weir.spring.autoconfigure.WeirConnectionDetails;

/** Leads to the embedded broker, which runs. */
final class EmbeddedConnectionDetails implements WeirConnectionDetails {

	private final Broker broker;

	EmbeddedConnectionDetails(Broker broker) {
		this.broker = broker;
	}

	@Override
	public String getServiceUrl() {
		return this.broker.serviceUrl();
	}

	@Override
	public String getFingerprint() {
		return this.broker.certificateFingerprint();
	}

}
