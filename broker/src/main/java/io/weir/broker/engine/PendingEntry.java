package io.weir.broker.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;
import io.weir.message.Position;

/**
 * An entry that a subscription has read and not acknowledged completely. Its messages
 * form portions that travel together: at first one; more when some come back and others
 * do not, so that what one consumer still works on is not given to another.
 */
final class PendingEntry {

	private final Position position;

	private final int count;

	private final long publishTime;

	private final List<Portion> portions = new ArrayList<>(1);

	/** Where keys matter. */
	private @Nullable EntryKeys keys;

	PendingEntry(Entry entry, BitSet acknowledged) {
		this.position = entry.position();
		this.count = entry.header().count();
		this.publishTime = entry.header().publishTime();
		BitSet messages = new BitSet(this.count);
		messages.set(0, this.count);
		messages.andNot(acknowledged);
		if (!messages.isEmpty()) {
			this.portions.add(new Portion(0, messages));
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

	/** Whether every message is acknowledged. */
	boolean isComplete() {
		return this.portions.isEmpty();
	}

	boolean isWaiting() {
		return nextWaiting() != null;
	}

	boolean isDelivered() {
		return this.portions.stream().anyMatch((portion) -> portion.holder != null);
	}

	/** A portion that is to be delivered, the one delivered least often first. */
	@Nullable Portion nextWaiting() {
		Portion next = null;
		for (Portion portion : this.portions) {
			if (portion.holder == null && (next == null || portion.redeliveries < next.redeliveries)) {
				next = portion;
			}
		}
		return next;
	}

	/**
	 * A portion that is to be delivered, for those who want the order of the entry: of
	 * the messages that wait the first, and those after it that were delivered as often.
	 */
	Portion nextInOrder() {
		BitSet waiting = waiting();
		int first = waiting.nextSetBit(0);
		int end = waiting.nextSetBit(first + 1);
		while (end >= 0 && redeliveries(end) == redeliveries(first)) {
			end = waiting.nextSetBit(end + 1);
		}
		if (end >= 0) {
			waiting.clear(end, this.count);
		}
		return split(waiting);
	}

	/** The messages that are to be delivered, as a new set. */
	BitSet waiting() {
		BitSet waiting = new BitSet(this.count);
		for (Portion portion : this.portions) {
			if (portion.holder == null) {
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
	 * Makes messages that are to be delivered, and were so equally often, a portion of
	 * their own.
	 */
	Portion split(BitSet messages) {
		Portion whole = Objects.requireNonNull(portionOf(messages.nextSetBit(0)), "Acknowledged");
		if (whole.messages.equals(messages)) {
			return whole;
		}
		whole.messages.andNot(messages);
		Portion portion = new Portion(whole.redeliveries, messages);
		this.portions.add(portion);
		return portion;
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
		if (portion.holder != null) {
			settled(portion.holder, index);
		}
		remove(portion, index);
		return true;
	}

	/** Acknowledges every message. */
	void acknowledgeAll() {
		for (Portion portion : this.portions) {
			settled(portion);
		}
		this.portions.clear();
	}

	/** Takes a message back from a consumer; says whether the consumer had it. */
	boolean giveBack(SubscriptionConsumer consumer, int index) {
		Portion portion = portionOf(index);
		if (portion == null || portion.holder != consumer) {
			return false;
		}
		settled(consumer, index);
		remove(portion, index);
		waitingPortion(portion.redeliveries + 1).messages.set(index);
		return true;
	}

	/** Takes everything back from a consumer; says whether the consumer had any. */
	boolean giveBackAll(SubscriptionConsumer consumer) {
		List<Portion> held = this.portions.stream().filter((portion) -> portion.holder == consumer).toList();
		for (Portion portion : held) {
			settled(portion);
			this.portions.remove(portion);
			waitingPortion(portion.redeliveries + 1).messages.or(portion.messages);
		}
		return !held.isEmpty();
	}

	private void settled(SubscriptionConsumer holder, int index) {
		holder.settled(1);
		if (this.keys != null) {
			this.keys.settled(index);
		}
	}

	private void settled(Portion portion) {
		if (portion.holder != null) {
			portion.holder.settled(portion.size());
			if (this.keys != null) {
				this.keys.settled(portion.messages);
			}
		}
	}

	private Portion waitingPortion(int redeliveries) {
		for (Portion portion : this.portions) {
			if (portion.holder == null && portion.redeliveries == redeliveries) {
				return portion;
			}
		}
		Portion portion = new Portion(redeliveries, new BitSet(this.count));
		this.portions.add(portion);
		return portion;
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

	/** Messages of one entry that were delivered equally often and travel together. */
	final class Portion {

		private final int redeliveries;

		private final BitSet messages;

		private @Nullable SubscriptionConsumer holder;

		private Portion(int redeliveries, BitSet messages) {
			this.redeliveries = redeliveries;
			this.messages = messages;
		}

		int redeliveries() {
			return this.redeliveries;
		}

		/** The entry's other messages, as a new set. */
		BitSet others() {
			BitSet others = new BitSet(PendingEntry.this.count);
			others.set(0, PendingEntry.this.count);
			others.andNot(this.messages);
			return others;
		}

		int size() {
			return this.messages.cardinality();
		}

		void deliveredTo(SubscriptionConsumer consumer) {
			this.holder = consumer;
			if (PendingEntry.this.keys != null) {
				PendingEntry.this.keys.delivered(this.messages, consumer);
			}
		}

	}

}
