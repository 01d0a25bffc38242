package io.weir.broker.engine.subscription;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.dispatch.Backlog;
import io.weir.broker.engine.dispatch.ConsumerGroup;
import io.weir.broker.engine.dispatch.SubscriptionConsumer;

/** Shows a subscription at one moment. */
final class SubscriptionView {

	private SubscriptionView() {
	}

	static TopicSnapshot.Subscription of(SubscriptionLife life, ConsumerGroup consumers, @Nullable String stopped) {
		Backlog backlog = life.backlog();
		List<TopicSnapshot.Consumer> snapshots = consumers.all().stream().map(SubscriptionConsumer::snapshot).toList();
		long inFlight = snapshots.stream().mapToLong(TopicSnapshot.Consumer::inFlight).sum();
		return new TopicSnapshot.Subscription(life.id().name(), life.type(), life.isDurable(), backlog.messages(),
				inFlight, backlog.oldestDelivered(), backlog.redeliveries().delayed(), backlog.parkedKeys(),
				backlog.redeliveries().deadLetters(), backlog.expiry().expired(), stopped, snapshots);
	}

}
