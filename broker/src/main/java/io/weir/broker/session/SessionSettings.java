package io.weir.broker.session;

import java.time.Duration;

import io.weir.broker.security.BrokerSecurity;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;

/**
 * What sessions tell their clients about the broker, and grant them.
 *
 * @param brokerName what the broker calls itself
 * @param maxFrameSize the longest frame that the broker takes, in bytes
 * @param maxMessageSize the most bytes of one batch that the broker takes
 * @param budgets what clients may take of the broker
 * @param security whom to ask who clients are and what they may do
 */
public record SessionSettings(String brokerName, int maxFrameSize, int maxMessageSize, Budgets budgets,
		BrokerSecurity security) {

	/** How long a session is kept of which nothing is heard. */
	Duration sessionTimeout() {
		long limit = this.budgets.of(BrokerLimit.SESSION_TIMEOUT).limit();
		return Duration.ofMillis(Math.min(limit, BrokerLimit.SESSION_TIMEOUT.max()));
	}

}
