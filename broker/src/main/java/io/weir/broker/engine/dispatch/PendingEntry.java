package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;
import io.weir.wire.Position;

/**
 * An entry that a subscription has read and not acknowledged completely. Its messages
 * form portions: those that wait, and those that one consumer has, each with the same
 * number of deliveries in vain. At first there is one, and it is divided as far as
 * consumers ask for less, or give some back.
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
			this.portions.add(new Portion(null, 0, messages));
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
		return leastDelivered() != null;
	}

	boolean isDelivered() {
		return this.portions.stream().anyMatch((portion) -> portion.holder != null);
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
			if (portion.holder == null && (next == null || portion.redeliveries < next.redeliveries)) {
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
	 * Gives messages to a consumer that wait and were delivered equally often.
	 * @param messages the messages; the set is this entry's from now on
	 * @return how often they were delivered before
	 */
	int deliver(BitSet messages, SubscriptionConsumer consumer) {
		Portion from = Objects.requireNonNull(portionOf(messages.nextSetBit(0)), "Acknowledged");
		from.messages.andNot(messages);
		if (from.messages.isEmpty()) {
			this.portions.remove(from);
		}
		add(consumer, from.redeliveries, messages);
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
		BitSet message = new BitSet(this.count);
		message.set(index);
		add(null, portion.redeliveries + 1, message);
		return true;
	}

	/** Takes everything back from a consumer; says whether the consumer had any. */
	boolean giveBackAll(SubscriptionConsumer consumer) {
		List<Portion> held = this.portions.stream().filter((portion) -> portion.holder == consumer).toList();
		for (Portion portion : held) {
			settled(portion);
			this.portions.remove(portion);
			add(null, portion.redeliveries + 1, portion.messages);
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

	/** Adds messages to those that a consumer has, or that wait for one. */
	private void add(@Nullable SubscriptionConsumer holder, int redeliveries, BitSet messages) {
		for (Portion portion : this.portions) {
			if (portion.holder == holder && portion.redeliveries == redeliveries) {
				portion.messages.or(messages);
				return;
			}
		}
		this.portions.add(new Portion(holder, redeliveries, messages));
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

	/**
	 * Messages of the entry that were delivered equally often in vain.
	 *
	 * @param holder who has them, or {@code null} while they wait
	 * @param redeliveries how often
	 * @param messages the messages
	 */
	private record Portion(@Nullable SubscriptionConsumer holder, int redeliveries, BitSet messages) {

		int size() {
			return this.messages.cardinality();
		}

	}

}
