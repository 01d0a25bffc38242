package io.weir.broker;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import io.weir.broker.engine.TopicSnapshot;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;

/** Turns the engine's snapshots into the façade's figures. */
final class Statistics {

	private Statistics() {
	}

	static BrokerStats broker(int connections, List<TopicSnapshot> topics, Map<BrokerLimit, LimitStats> limits) {
		return new BrokerStats(connections, sum(topics, (topic) -> topic.traffic().messagesIn()),
				sum(topics, (topic) -> topic.traffic().messagesOut()),
				sum(topics, (topic) -> topic.traffic().bytesIn()), sum(topics, (topic) -> topic.traffic().bytesOut()),
				sum(topics, Statistics::backlog), limits);
	}

	static Map<BrokerLimit, LimitStats> limits(Budgets budgets) {
		Map<BrokerLimit, LimitStats> stats = new EnumMap<>(BrokerLimit.class);
		for (BrokerLimit limit : BrokerLimit.values()) {
			Budget budget = budgets.of(limit);
			stats.put(limit, new LimitStats(budget.limit(), budget.used(), budget.refused()));
		}
		return stats;
	}

	/** What the log is kept for. */
	private static long backlog(TopicSnapshot topic) {
		return topic.subscriptions()
			.stream()
			.filter(TopicSnapshot.Subscription::durable)
			.mapToLong(TopicSnapshot.Subscription::backlog)
			.sum();
	}

	static TopicStats topic(TopicSnapshot topic) {
		return new TopicStats(topic.name(), topic.traffic().messagesIn(),
				topic.producers()
					.stream()
					.map((each) -> new TopicStats.ProducerStats(each.name(), each.epoch(), each.lastSequence()))
					.toList(),
				topic.subscriptions().stream().map(Statistics::subscription).toList());
	}

	private static TopicStats.SubscriptionStats subscription(TopicSnapshot.Subscription subscription) {
		Long oldest = subscription.oldestUnacknowledged();
		return new TopicStats.SubscriptionStats(subscription.name(), subscription.type(), subscription.durable(),
				subscription.backlog(), subscription.inFlight(), (oldest != null) ? Instant.ofEpochMilli(oldest) : null,
				subscription.consumers()
					.stream()
					.map((each) -> new TopicStats.ConsumerStats(each.name(), each.permits(), each.inFlight()))
					.toList());
	}

	private static long sum(List<TopicSnapshot> topics, ToLongFunction<TopicSnapshot> figure) {
		return topics.stream().mapToLong(figure).sum();
	}

}
