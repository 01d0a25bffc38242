package io.weir.broker.engine.subscription;

import java.util.List;

import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.dispatch.Backlog;
import io.weir.broker.engine.dispatch.ConsumerGroup;
import io.weir.broker.engine.dispatch.ParkedKeys;
import io.weir.broker.engine.dispatch.Redeliveries;
import io.weir.broker.engine.dispatch.SubscriptionConsumer;
import io.weir.message.Topic;
import io.weir.wire.BacklogReport;

/** Shows a subscription at one moment. */
final class SubscriptionView {

	private SubscriptionView() {
	}

	/** What there is left to acknowledge. */
	static BacklogReport left(Backlog backlog) {
		Long oldest = backlog.ledger().oldestPending();
		return new BacklogReport(backlog.messages(), (oldest != null) ? oldest : -1);
	}

	static TopicSnapshot.Subscription of(SubscriptionLife life, ConsumerGroup consumers, Topic topic, long trimmed) {
		Backlog backlog = life.backlog();
		Redeliveries redeliveries = backlog.redeliveries();
		List<TopicSnapshot.Consumer> snapshots = consumers.all().stream().map(SubscriptionConsumer::snapshot).toList();
		long inFlight = snapshots.stream().mapToLong(TopicSnapshot.Consumer::inFlight).sum();
		return new TopicSnapshot.Subscription(life.id().name(), life.type(), life.isDurable(), backlog.messages(),
				inFlight, backlog.ledger().oldestDelivered(), redeliveries.redelivered(), redeliveries.delayed(),
				backlog.parkedKeys(), ParkedKeys.of(backlog, topic), redeliveries.deadLetters(),
				redeliveries.deadLettersMade(), backlog.expiry().expired(), trimmed, life.damageStop().reason(),
				snapshots);
	}

}
