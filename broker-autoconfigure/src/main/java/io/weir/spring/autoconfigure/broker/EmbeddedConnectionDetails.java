package io.weir.spring.autoconfigure.broker;

import org.jspecify.annotations.Nullable;

import io.weir.broker.Broker;
import io.weir.spring.autoconfigure.WeirConnectionDetails;

/** Leads to the embedded broker, which runs, and whose certificate may be reloaded. */
final class EmbeddedConnectionDetails implements WeirConnectionDetails {

	private final Broker broker;

	private final @Nullable String token;

	/** The last one that is known, for a broker that does not run any more. */
	private volatile @Nullable String fingerprint;

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
		String known = this.fingerprint;
		if (known == null || this.broker.isRunning()) {
			known = this.broker.certificateFingerprint();
			this.fingerprint = known;
		}
		return known;
	}

	@Override
	public @Nullable String getToken() {
		return this.token;
	}

}
