package io.weir.spring.autoconfigure.broker;

import org.jspecify.annotations.Nullable;

import io.weir.broker.Broker;
import io.weir.spring.autoconfigure.WeirConnectionDetails;

/** Leads to the embedded broker, which runs. */
final class EmbeddedConnectionDetails implements WeirConnectionDetails {

	private final Broker broker;

	private final @Nullable String token;

	/**
	 * Creates the details.
	 * @param token what the client shows to the broker's authenticator, if there is one
	 */
	EmbeddedConnectionDetails(Broker broker, @Nullable String token) {
		this.broker = broker;
		this.token = token;
	}

	@Override
	public String getServiceUrl() {
		return this.broker.serviceUrl();
	}

	@Override
	public String getFingerprint() {
		return this.broker.certificateFingerprint();
	}

	@Override
	public @Nullable String getToken() {
		return this.token;
	}

}
