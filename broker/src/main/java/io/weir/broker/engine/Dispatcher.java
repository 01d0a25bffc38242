package io.weir.broker.engine;

import java.util.function.Consumer;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.message.SubscriptionType;

/** Gives what waits in a backlog to consumers. Who gets what depends on the type. */
abstract class Dispatcher {

	private final Backlog backlog;

	private final ConsumerGroup consumers;

	private final TopicProgress topic;

	private final Consumer<Effect> out;

	/** Whether the order of deliveries matters to their consumer. */
	private final boolean ordered;

	Dispatcher(Backlog backlog, ConsumerGroup consumers, SubscriptionContext context, boolean ordered) {
		this.backlog = backlog;
		this.consumers = consumers;
		this.topic = context.topic();
		this.out = context.out();
		this.ordered = ordered;
	}

	/** A dispatcher that goes with the backlog, from an empty start. */
	static Dispatcher of(SubscriptionType type, SubscriptionId id, Cursor cursor, ConsumerGroup consumers,
			SubscriptionContext context) {
		if (type == SubscriptionType.KEY_SHARED) {
			KeySlots slots = new KeySlots(context.keys());
			return new KeyDispatcher(new Backlog(id, cursor, slots, context), slots, consumers, context);
		}
		return new OrderDispatcher(type, new Backlog(id, cursor, null, context), consumers, context);
	}

	final Backlog backlog() {
		return this.backlog;
	}

	final ConsumerGroup consumers() {
		return this.consumers;
	}

	/** Delivers whatever can be delivered now, and has read what is missing for more. */
	abstract void dispatch();

	/**
	 * Consumers came, went or can be sent something again, or messages came back: what
	 * could not be delivered perhaps can.
	 */
	void unblock() {
	}

	/** Delivers a portion of an entry. */
	final void deliver(PendingEntry pending, PendingEntry.Portion portion, Entry entry, SubscriptionConsumer consumer) {
		portion.deliveredTo(consumer);
		int bytes = entry.batch().readableBytes();
		consumer.delivered(pending.count(), portion.size(), bytes);
		this.topic.delivered(portion.size(), bytes);
		this.backlog.delivered(pending, entry);
		this.out.accept(new Effect.Deliver(consumer.address(), this.topic.name(), consumer.peer(), entry,
				portion.redeliveries(), portion.others(), this.ordered));
	}

}
