package io.weir.broker.engine.dispatch;

import java.util.BitSet;

import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.store.Entry;
import io.weir.message.SubscriptionType;

/**
 * Delivers the lowest position first, whether it is new or came back, to whoever's turn
 * it is.
 */
final class OrderDispatcher extends Dispatcher {

	/** Whether the order within an entry does not matter. */
	private final boolean shared;

	OrderDispatcher(SubscriptionType type, Backlog backlog, ConsumerGroup consumers, TopicContext context) {
		super(backlog, consumers, context, type != SubscriptionType.SHARED);
		this.shared = (type == SubscriptionType.SHARED);
	}

	@Override
	public void dispatch() {
		SubscriptionConsumer consumer = consumers().next();
		while (consumer != null) {
			PendingEntry next = backlog().firstWaiting();
			if (next == null) {
				backlog().readOn();
				return;
			}
			Entry entry = backlog().take(next);
			if (entry == null) {
				backlog().readAgain(next);
				return;
			}
			BitSet messages = this.shared ? next.nextWaiting(consumer.permits()) : next.nextInOrder(consumer.permits());
			deliver(next, messages, entry, consumer);
			consumers().advance();
			consumer = consumers().next();
		}
	}

}
