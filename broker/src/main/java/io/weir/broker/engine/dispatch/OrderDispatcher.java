package io.weir.broker.engine.dispatch;

import java.util.BitSet;

import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.store.Entry;

/**
 * Delivers the lowest position first, whether it is new or came back, to whoever's turn
 * it is.
 */
final class OrderDispatcher extends Dispatcher {

	OrderDispatcher(Backlog backlog, ConsumerGroup consumers, TopicContext context) {
		super(backlog, consumers, context);
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
			BitSet messages = isOrdered() ? next.nextInOrder(consumer.permits()) : next.nextWaiting(consumer.permits());
			deliver(next, messages, entry, consumer);
			consumers().advance();
			consumer = consumers().next();
		}
	}

}
