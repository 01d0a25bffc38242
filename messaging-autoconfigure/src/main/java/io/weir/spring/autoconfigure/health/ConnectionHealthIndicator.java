package io.weir.spring.autoconfigure.health;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import io.weir.client.ConnectionState;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;

/** Says what the client knows; connects to nothing. */
final class ConnectionHealthIndicator implements HealthIndicator {

	private final WeirClient client;

	ConnectionHealthIndicator(WeirClient client) {
		this.client = client;
	}

	@Override
	public Health health() {
		ConnectionState state = this.client.state();
		WeirException failure = this.client.lastFailure();
		Health.Builder health = Health.status(status(state, failure))
			.withDetail("serviceUrl", this.client.serviceUrl())
			.withDetail("state", state);
		if (failure != null) {
			health.withDetail("failure", failure.code() + ": " + failure.getMessage());
		}
		return health.build();
	}

	/** Trying again does not make an outage better. */
	private static Status status(ConnectionState state, @Nullable WeirException failure) {
		return switch (state) {
			case READY, DRAINING -> Status.UP;
			case CONNECTING -> (failure != null) ? Status.DOWN : Status.UNKNOWN;
			case BACKING_OFF, CLOSED -> Status.DOWN;
		};
	}

}
