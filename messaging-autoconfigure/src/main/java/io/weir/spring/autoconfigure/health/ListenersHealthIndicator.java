package io.weir.spring.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.ListenerStatus;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerRegistry;

/**
 * Down when a listener does not receive and nobody asked it to stop: one of its threads
 * has ended, or its last attempt to subscribe has failed.
 */
final class ListenersHealthIndicator implements HealthIndicator {

	private final WeirListenerRegistry registry;

	ListenersHealthIndicator(WeirListenerRegistry registry) {
		this.registry = registry;
	}

	@Override
	public Health health() {
		Health.Builder health = Health.up();
		for (WeirListenerContainer container : this.registry.getContainers()) {
			ListenerStatus status = container.getStatus();
			if (isBroken(status)) {
				health.down();
			}
			health.withDetail(status.id(), details(status));
		}
		return health.build();
	}

	private static boolean isBroken(ListenerStatus status) {
		return status.state() == ListenerState.FAILED
				|| (status.state() == ListenerState.SUBSCRIBING && status.failure() != null);
	}

	private static Map<String, Object> details(ListenerStatus status) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", status.state());
		String failure = status.failure();
		if (failure != null) {
			details.put("failure", failure);
		}
		return details;
	}

}
