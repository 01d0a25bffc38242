package io.weir.broker.engine.dispatch;

import java.util.BitSet;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.message.SubscriptionType;

/** Gives what waits in a backlog to consumers. Who gets what depends on the type. */
public abstract class Dispatcher {

	private final Backlog backlog;

	private final ConsumerGroup consumers;

	private final TopicContext context;

	Dispatcher(Backlog backlog, ConsumerGroup consumers, TopicContext context) {
		this.backlog = backlog;
		this.consumers = consumers;
		this.context = context;
	}

	/** A dispatcher that goes with the backlog, from an empty start. */
	public static Dispatcher of(SubscriptionId id, Cursor cursor, ConsumerGroup consumers, TopicContext context) {
		if (consumers.type() == SubscriptionType.KEY_SHARED) {
			KeySlots slots = new KeySlots(context.figures());
			return new KeyDispatcher(new Backlog(id, cursor, slots, consumers.slowStart(), context), slots, consumers,
					context);
		}
		return new OrderDispatcher(new Backlog(id, cursor, null, consumers.slowStart(), context), consumers, context);
	}

	public final Backlog backlog() {
		return this.backlog;
	}

	public final ConsumerGroup consumers() {
		return this.consumers;
	}

	/** Whether the order of deliveries matters to their consumer. */
	final boolean isOrdered() {
		return this.consumers.type() != SubscriptionType.SHARED;
	}

	/** Delivers whatever can be delivered now, and has read what is missing for more. */
	public abstract void dispatch();

	/** Nothing is delivered any more, and nothing of it is counted. */
	public void end() {
		this.backlog.redeliveries().close();
		this.backlog.end();
	}

	/**
	 * Consumers came, went or can be sent something again, or messages came back: what
	 * could not be delivered perhaps can.
	 */
	public void unblock() {
	}

	/**
	 * Delivers messages of an entry, no more than the consumer has permits for.
	 * @param messages waiting messages that were delivered equally often before
	 * @param entry the entry, which is handed over; those who are left to wait keep it
	 * too
	 */
	public final void deliver(PendingEntry pending, BitSet messages, Entry entry, SubscriptionConsumer consumer) {
		int given = messages.cardinality();
		int redeliveries = pending.deliver(messages, consumer, this.backlog.redeliveries().deadline());
		Part part = Part.of(messages, pending.count(), entry.isDivisible());
		this.backlog.delivered(pending, entry);
		this.backlog.redeliveries().delivered(given, redeliveries);
		int bytes = entry.bytes(part.firstIndex(), part.count());
		consumer.delivered(given, bytes);
		this.context.topic().delivered(given, bytes);
		this.context.out()
			.accept(new Effect.Deliver(this.context.topic().name(), consumer.peer(), entry, part.firstIndex(),
					part.count(), redeliveries, bytes, part.passOver(), isOrdered()));
	}

}
