package io.weir.broker;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.session.ProtocolRefusals;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;

/** Turns the engine's snapshots into the façade's figures. */
final class Statistics {

	private Statistics() {
	}

	/** Of what is kept anyway: no topic is asked. */
	static BrokerStats broker(int connections, EngineFigures figures, long damagedBatches, ProtocolRefusals refusals,
			Map<BrokerLimit, LimitStats> limits) {
		return new BrokerStats(connections, figures.messagesIn(), figures.messagesOut(), figures.bytesIn(),
				figures.bytesOut(), figures.backlog(), figures.expired(), figures.size(), figures.quotaRefusals(),
				figures.dropped(), figures.trimmed(), figures.compacted(), figures.delayed(),
				new BrokerStats.RedeliveryStats(figures.redelivered(), figures.parkedKeys(), figures.deadLetters(),
						figures.deadLettersWaiting(), figures.replays()),
				damagedBatches, new BrokerStats.ProtocolStats(refusals.tooLarge(), refusals.others()), limits);
	}

	static Map<BrokerLimit, LimitStats> limits(Budgets budgets) {
		Map<BrokerLimit, LimitStats> stats = new EnumMap<>(BrokerLimit.class);
		for (BrokerLimit limit : BrokerLimit.values()) {
			Budget budget = budgets.of(limit);
			stats.put(limit, new LimitStats(budget.limit(), budget.used(), budget.refused()));
		}
		return stats;
	}

	/** Of one log: a partition, or a topic that has no others. */
	static TopicStats topic(TopicSnapshot topic) {
		return new TopicStats(topic.name(), 1, topic.traffic().messagesIn(), topic.delayed(),
				new TopicStats.SpaceStats(topic.space().bytes(), topic.space().backlogBytes(), topic.space().refused(),
						topic.space().dropped(), compaction(topic.space().compaction())),
				topic.producers()
					.stream()
					.map((each) -> new TopicStats.ProducerStats(each.name(), each.epoch(), each.lastSequence()))
					.toList(),
				topic.subscriptions().stream().map(Statistics::subscription).toList(), List.of());
	}

	private static @Nullable CompactionStats compaction(TopicSnapshot.@Nullable Compaction compaction) {
		if (compaction == null) {
			return null;
		}
		Long passedAt = compaction.passedAt();
		return new CompactionStats(compaction.running(), compaction.passes(),
				(passedAt != null) ? Instant.ofEpochMilli(passedAt) : null, compaction.messages(), compaction.bytes(),
				compaction.keys(), compaction.leftOut(), compaction.failure());
	}

	private static TopicStats.SubscriptionStats subscription(TopicSnapshot.Subscription subscription) {
		Long oldest = subscription.oldestUnacknowledged();
		return new TopicStats.SubscriptionStats(subscription.name(), subscription.type(), subscription.durable(),
				subscription.backlog(), subscription.inFlight(), (oldest != null) ? Instant.ofEpochMilli(oldest) : null,
				subscription.expired(), subscription.trimmed(), redelivery(subscription), subscription.stopped(),
				subscription.consumers()
					.stream()
					.map((each) -> new TopicStats.ConsumerStats(each.name(), each.permits(), each.inFlight()))
					.toList());
	}

	private static TopicStats.RedeliveryStats redelivery(TopicSnapshot.Subscription subscription) {
		return new TopicStats.RedeliveryStats(subscription.redelivered(), subscription.delayed(),
				subscription.parkedKeys(),
				subscription.parked()
					.stream()
					.map((each) -> new TopicStats.ParkedStats(each.id().toString(), each.redeliveries()))
					.toList(),
				subscription.deadLettersMade(), subscription.deadLetters());
	}

}
