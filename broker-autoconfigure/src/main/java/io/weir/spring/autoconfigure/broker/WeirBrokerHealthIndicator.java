package io.weir.spring.autoconfigure.broker;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

import io.weir.broker.Broker;
import io.weir.broker.StorageStats;
import io.weir.broker.store.StorageStatus;

/**
 * UP while the broker listens and stores; OUT_OF_SERVICE while it cannot store and
 * recovers by itself; DOWN when somebody has to do something.
 */
final class WeirBrokerHealthIndicator extends AbstractHealthIndicator {

	private final Broker broker;

	WeirBrokerHealthIndicator(Broker broker) {
		super("The broker's health could not be determined");
		this.broker = broker;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		if (!this.broker.isRunning()) {
			builder.down();
			return;
		}
		StorageStats storage = this.broker.storage();
		switch (storage.status().state()) {
			case SERVING -> builder.up();
			case FULL, UNAVAILABLE, RECOVERING -> builder.outOfService();
			case FAILED -> builder.down();
		}
		builder.withDetail("serviceUrl", this.broker.serviceUrl())
			.withDetail("connections", this.broker.stats().connections())
			.withDetail("storage", details(storage));
		int damaged = this.broker.damagedTopics().size();
		if (damaged > 0) {
			// The others go on; weirtopics says what is wrong.
			builder.withDetail("damagedTopics", damaged);
		}
	}

	private static Map<String, Object> details(StorageStats storage) {
		StorageStatus status = storage.status();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", status.state().name());
		String reason = status.reason();
		if (reason != null) {
			Instant since = status.since();
			details.put("reason", reason);
			details.put("since", since.toString());
		}
		if (status.freeBytes() >= 0) {
			details.put("freeBytes", status.freeBytes());
		}
		details.put("refused", storage.refused());
		return details;
	}

}
