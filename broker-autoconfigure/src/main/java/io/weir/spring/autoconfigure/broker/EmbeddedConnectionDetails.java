package io.weir.spring.autoconfigure.broker;

import org.jspecify.annotations.Nullable;

import io.weir.broker.Broker;
import io.weir.spring.autoconfigure.WeirConnectionDetails;

/** Leads to the embedded broker, which runs, and whose certificate may be reloaded. */
final class EmbeddedConnectionDetails implements WeirConnectionDetails {

	private final Broker broker;

	private final @Nullable String token;

	private volatile String fingerprint;

	/**
	 * Creates the details.
	 * @param token what the client shows to the broker's authenticator, if there is one
	 */
	EmbeddedConnectionDetails(Broker broker, @Nullable String token) {
		this.broker = broker;
		this.token = token;
		this.fingerprint = broker.certificateFingerprint();
	}

	@Override
	public String getServiceUrl() {
		return this.broker.serviceUrl();
	}

	@Override
	public String getFingerprint() {
		if (this.broker.isRunning()) {
			this.fingerprint = this.broker.certificateFingerprint();
		}
		return this.fingerprint;
	}

	@Override
	public @Nullable String getToken() {
		return this.token;
	}

}
