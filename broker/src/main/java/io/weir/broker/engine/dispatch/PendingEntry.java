package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.wire.Position;

/**
 * An entry that a subscription has read and not acknowledged completely. Its messages
 * form portions: those that wait for a consumer, those that one consumer has, and those
 * that are held back, each with the same number of deliveries in vain. At first there is
 * one, and it is divided as far as consumers ask for less, or give some back.
 */
final class PendingEntry {

	/** The deadline of what may be kept for ever. */
	static final long NEVER = Long.MAX_VALUE;

	private final Position position;

	private final int count;

	private final long publishTime;

	/** When messages expire, if some do. */
	private final @Nullable MessageIndex expiring;

	private final List<Portion> portions = new ArrayList<>(1);

	/** Where keys matter. */
	private @Nullable EntryKeys keys;

	PendingEntry(Entry entry, BitSet acknowledged, RedeliveryCounts counts) {
		this.position = entry.position();
		this.count = entry.header().count();
		this.publishTime = entry.header().publishTime();
		this.expiring = entry.header().index().isExpiring() ? entry.header().index() : null;
		BitSet messages = new BitSet(this.count);
		messages.set(0, this.count);
		messages.andNot(acknowledged);
		if (counts.isEmpty()) {
			add(Place.WAITING, null, 0, 0, messages);
		}
		else {
			messages.stream().forEach((index) -> addOne(Place.WAITING, counts.of(index), index));
		}
	}

	/** Says to which keys the messages belong, before anything is delivered. */
	void assign(@Nullable EntryKeys keys) {
		this.keys = keys;
	}

	/** Only where keys matter. */
	EntryKeys keys() {
		return Objects.requireNonNull(this.keys, "Keys do not matter");
	}

	Position position() {
		return this.position;
	}

	int count() {
		return this.count;
	}

	long publishTime() {
		return this.publishTime;
	}

	/** Whether messages say themselves when they expire. */
	boolean isExpiring() {
		return this.expiring != null;
	}

	long expiresAt(int index) {
		return (this.expiring != null) ? this.expiring.expiresAt(index) : MessageIndex.NEVER;
	}

	/** Whether every message is acknowledged. */
	boolean isComplete() {
		return this.portions.isEmpty();
	}

	boolean isWaiting() {
		return leastDelivered() != null;
	}

	boolean isDelivered() {
		return this.portions.stream().anyMatch((portion) -> portion.place == Place.DELIVERED);
	}

	/**
	 * Messages that are to be delivered, for those to whom their order does not matter:
	 * of those delivered least often the first, as a new set.
	 */
	BitSet nextWaiting(int max) {
		BitSet messages = Objects.requireNonNull(leastDelivered(), "Nothing waits").messages;
		return first(max, (BitSet) messages.clone());
	}

	private @Nullable Portion leastDelivered() {
		Portion next = null;
		for (Portion portion : this.portions) {
			if (portion.place == Place.WAITING && (next == null || portion.redeliveries < next.redeliveries)) {
				next = portion;
			}
		}
		return next;
	}

	/**
	 * Messages that are to be delivered, for those who want the order of the entry: of
	 * those that wait the first, and such after it as were delivered as often, as a new
	 * set.
	 */
	BitSet nextInOrder(int max) {
		BitSet waiting = first(max, waiting());
		int first = waiting.nextSetBit(0);
		int end = waiting.nextSetBit(first + 1);
		while (end >= 0 && redeliveries(end) == redeliveries(first)) {
			end = waiting.nextSetBit(end + 1);
		}
		if (end >= 0) {
			waiting.clear(end, this.count);
		}
		return waiting;
	}

	/** Leaves the first messages in a set. */
	private static BitSet first(int max, BitSet messages) {
		if (max < messages.cardinality()) {
			int end = messages.nextSetBit(0);
			for (int i = 0; i < max; i++) {
				end = messages.nextSetBit(end + 1);
			}
			messages.clear(end, messages.length());
		}
		return messages;
	}

	/** The messages that are to be delivered, as a new set. */
	BitSet waiting() {
		BitSet waiting = new BitSet(this.count);
		for (Portion portion : this.portions) {
			if (portion.place == Place.WAITING) {
				waiting.or(portion.messages);
			}
		}
		return waiting;
	}

	/** How often a message that is not acknowledged was delivered in vain. */
	int redeliveries(int index) {
		return Objects.requireNonNull(portionOf(index), "Acknowledged").redeliveries;
	}

	/**
	 * Gives messages to a consumer that wait and were delivered equally often.
	 * @param messages the messages; the set is this entry's from now on
	 * @param deadline until when they are to be acknowledged, or {@link #NEVER}
	 * @return how often they were delivered before
	 */
	int deliver(BitSet messages, SubscriptionConsumer consumer, long deadline) {
		Portion from = Objects.requireNonNull(portionOf(messages.nextSetBit(0)), "Acknowledged");
		from.messages.andNot(messages);
		if (from.messages.isEmpty()) {
			this.portions.remove(from);
		}
		add(Place.DELIVERED, consumer, from.redeliveries, deadline, messages);
		if (this.keys != null) {
			this.keys.delivered(messages, consumer);
		}
		return from.redeliveries;
	}

	int unacknowledged() {
		return this.portions.stream().mapToInt((portion) -> portion.messages.cardinality()).sum();
	}

	/** The messages acknowledged, as a new set. */
	BitSet acknowledged() {
		BitSet acknowledged = new BitSet(this.count);
		acknowledged.set(0, this.count);
		this.portions.forEach((portion) -> acknowledged.andNot(portion.messages));
		return acknowledged;
	}

	/** Acknowledges a message; says whether it was not acknowledged before. */
	boolean acknowledge(int index) {
		Portion portion = portionOf(index);
		if (portion == null) {
			return false;
		}
		left(portion, index);
		remove(portion, index);
		return true;
	}

	/** Acknowledges every message but those that are to become dead letters. */
	void acknowledgeAlive() {
		this.portions.removeIf((portion) -> {
			boolean alive = portion.place != Place.DEAD;
			if (alive) {
				left(portion);
			}
			return alive;
		});
	}

	/** Whether a message is to become a dead letter. */
	boolean isDead(int index) {
		Portion portion = portionOf(index);
		return portion != null && portion.place == Place.DEAD;
	}

	/** Acknowledges every message. */
	void acknowledgeAll() {
		for (Portion portion : this.portions) {
			left(portion);
		}
		this.portions.clear();
	}

	/** Whether a consumer has a message. */
	boolean isWith(SubscriptionConsumer consumer, int index) {
		Portion portion = portionOf(index);
		return portion != null && portion.holder == consumer;
	}

	/** Moves a message that is not acknowledged to a place where no consumer has it. */
	void move(int index, Place place, int redeliveries) {
		Portion portion = Objects.requireNonNull(portionOf(index), "Acknowledged");
		left(portion, index);
		remove(portion, index);
		addOne(place, redeliveries, index);
		if (place == Place.DELAYED && this.keys != null) {
			this.keys.parked(index);
		}
	}

	private void addOne(Place place, int redeliveries, int index) {
		BitSet message = new BitSet(this.count);
		message.set(index);
		add(place, null, redeliveries, 0, message);
	}

	/** The messages that a consumer has, as a new set. */
	BitSet with(SubscriptionConsumer consumer) {
		BitSet messages = new BitSet(0);
		for (Portion portion : this.portions) {
			if (portion.holder == consumer) {
				messages.or(portion.messages);
			}
		}
		return messages;
	}

	/** The messages that should have been acknowledged by now, as a new set. */
	BitSet overdue(long now) {
		BitSet messages = new BitSet(0);
		for (Portion portion : this.portions) {
			if (portion.place == Place.DELIVERED && portion.deadline <= now) {
				messages.or(portion.messages);
			}
		}
		return messages;
	}

	/** When the first of the messages is to be acknowledged, or {@link #NEVER}. */
	long deadline() {
		long first = NEVER;
		for (Portion portion : this.portions) {
			if (portion.place == Place.DELIVERED) {
				first = Math.min(first, portion.deadline);
			}
		}
		return first;
	}

	/** Whether a message was given back, to be delivered later. */
	boolean isDelayed(int index) {
		Portion portion = portionOf(index);
		return portion != null && portion.place == Place.DELAYED;
	}

	/** How many messages were. */
	int delayed() {
		int messages = 0;
		for (Portion portion : this.portions) {
			messages += (portion.place == Place.DELAYED) ? portion.messages.cardinality() : 0;
		}
		return messages;
	}

	/** Whether a message is not acknowledged. */
	boolean has(int index) {
		return portionOf(index) != null;
	}

	/** How often each message was delivered in vain. */
	RedeliveryCounts counts() {
		return RedeliveryCounts.of(this.count, (index) -> {
			Portion portion = portionOf(index);
			return (portion != null) ? portion.redeliveries : 0;
		});
	}

	/** A message is not any more where it was. */
	private void left(Portion portion, int index) {
		if (portion.holder != null) {
			portion.holder.settled(1);
			if (this.keys != null) {
				this.keys.settled(index);
			}
		}
		else if (portion.place == Place.DELAYED && this.keys != null) {
			this.keys.unparked(index);
		}
	}

	private void left(Portion portion) {
		if (portion.holder != null) {
			portion.holder.settled(portion.messages.cardinality());
			if (this.keys != null) {
				this.keys.settled(portion.messages);
			}
		}
		else if (portion.place == Place.DELAYED && this.keys != null) {
			portion.messages.stream().forEach(this.keys::unparked);
		}
	}

	/** Adds messages to those of which the same is to be said. */
	private void add(Place place, @Nullable SubscriptionConsumer holder, int redeliveries, long deadline,
			BitSet messages) {
		if (messages.isEmpty()) {
			return;
		}
		for (Portion portion : this.portions) {
			if (portion.place == place && portion.holder == holder && portion.redeliveries == redeliveries
					&& portion.deadline == deadline) {
				portion.messages.or(messages);
				return;
			}
		}
		this.portions.add(new Portion(place, holder, redeliveries, deadline, messages));
	}

	private void remove(Portion portion, int index) {
		portion.messages.clear(index);
		if (portion.messages.isEmpty()) {
			this.portions.remove(portion);
		}
	}

	private @Nullable Portion portionOf(int index) {
		for (Portion portion : this.portions) {
			if (portion.messages.get(index)) {
				return portion;
			}
		}
		return null;
	}

	/** Where a message is that is not acknowledged. */
	enum Place {

		/** It can be delivered. */
		WAITING,
		/** A consumer has it. */
		DELIVERED,
		/** It was given back, to be delivered later. */
		DELAYED,
		/** It is not delivered any more. */
		DEAD

	}

	/**
	 * Messages of the entry of which the same is to be said.
	 *
	 * @param place where they are
	 * @param holder who has them, or {@code null} if nobody does
	 * @param redeliveries how often they were delivered in vain
	 * @param deadline until when the holder is to acknowledge them
	 * @param messages the messages
	 */
	private record Portion(Place place, @Nullable SubscriptionConsumer holder, int redeliveries, long deadline,
			BitSet messages) {
	}

}
