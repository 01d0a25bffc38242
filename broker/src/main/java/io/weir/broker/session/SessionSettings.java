package io.weir.broker.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

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
 * @param clock what time it is
 * @param partitions how many partitions topics have
 * @param topics which topics there are
 */
public record SessionSettings(String brokerName, int maxFrameSize, int maxMessageSize, Budgets budgets,
		BrokerSecurity security, InstantSource clock, TopicPartitions partitions, TopicNames topics) {

	/** By the system's clock, without topics. */
	public SessionSettings(String brokerName, int maxFrameSize, int maxMessageSize, Budgets budgets,
			BrokerSecurity security) {
		this(brokerName, maxFrameSize, maxMessageSize, budgets, security, InstantSource.system(), new TopicPartitions(),
				(prefix, after, limit) -> List.of());
	}

	/** How long a session is kept of which nothing is heard. */
	Duration sessionTimeout() {
		long limit = this.budgets.of(BrokerLimit.SESSION_TIMEOUT).limit();
		return Duration.ofMillis(Math.min(limit, BrokerLimit.SESSION_TIMEOUT.max()));
	}

}
