package io.weir.spring.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import io.weir.client.ConnectionInfo;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;

/**
 * Says what the client knows of its connections; connects to nothing. Down when one of
 * them is, since the producers and consumers of that one stand still.
 */
final class ConnectionHealthIndicator implements HealthIndicator {

	private static final List<Status> WORST_FIRST = List.of(Status.DOWN, Status.UNKNOWN, Status.UP);

	private final WeirClient client;

	ConnectionHealthIndicator(WeirClient client) {
		this.client = client;
	}

	@Override
	public Health health() {
		List<ConnectionInfo> connections = this.client.connections();
		Map<String, Object> details = new LinkedHashMap<>();
		connections.forEach((connection) -> details.put(connection.name(), details(connection)));
		Health.Builder health = Health.status(worst(connections))
			.withDetail("serviceUrl", this.client.serviceUrl())
			.withDetail("state", this.client.state())
			.withDetail("connections", details);
		String failure = text(this.client.lastFailure());
		return ((failure != null) ? health.withDetail("failure", failure) : health).build();
	}

	private static Map<String, Object> details(ConnectionInfo connection) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", connection.state());
		if (connection.address() != null) {
			details.put("address", connection.address().toString());
		}
		String failure = text(connection.lastFailure());
		if (failure != null) {
			details.put("failure", failure);
		}
		return details;
	}

	private static @Nullable String text(@Nullable WeirException failure) {
		return (failure != null) ? failure.getMessage() : null;
	}

	private static Status worst(List<ConnectionInfo> connections) {
		return connections.stream()
			.map(ConnectionHealthIndicator::status)
			.min((one, other) -> Integer.compare(WORST_FIRST.indexOf(one), WORST_FIRST.indexOf(other)))
			.orElse(Status.UNKNOWN);
	}

	/** Trying again does not make an outage better. */
	private static Status status(ConnectionInfo connection) {
		return switch (connection.state()) {
			case READY, DRAINING -> Status.UP;
			case CONNECTING -> (connection.lastFailure() != null) ? Status.DOWN : Status.UNKNOWN;
			case BACKING_OFF, CLOSED -> Status.DOWN;
		};
	}

}
