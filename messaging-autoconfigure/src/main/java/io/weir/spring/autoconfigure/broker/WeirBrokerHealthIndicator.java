package io.weir.spring.autoconfigure.broker;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

import io.weir.broker.Broker;

/** UP while the broker listens. */
final class WeirBrokerHealthIndicator extends AbstractHealthIndicator {

	private final Broker broker;

	WeirBrokerHealthIndicator(Broker broker) {
		super("The broker's health could not be determined");
		this.broker = broker;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		if (this.broker.isRunning()) {
			builder.up()
				.withDetail("serviceUrl", this.broker.serviceUrl())
				.withDetail("connections", this.broker.stats().connections());
		}
		else {
			builder.down();
		}
	}

}
