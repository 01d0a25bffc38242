package io.weir.broker.engine.dispatch;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.store.Entry;
import io.weir.wire.Position;

/**
 * Delivers the messages of each key in order, to one consumer at a time. A message that
 * cannot be delivered blocks its slot: no later message of the slot overtakes it, while
 * messages of others pass. How far it looks ahead for those is bounded.
 */
final class KeyDispatcher extends Dispatcher {

	/** With so many entries in waiting nothing further ahead is read. */
	static final int MAX_WAITING_ENTRIES = 1000;

	/** With so many messages in waiting entries nothing further ahead is read. */
	static final int MAX_WAITING_MESSAGES = 16 * 1024;

	private final KeySlots slots;

	/** What is left of the waiting entries up to here is blocked. */
	private Position blockedUpTo = Position.BEFORE_FIRST;

	/** The first entry from which something could be delivered if its bytes were here. */
	private @Nullable PendingEntry missing;

	KeyDispatcher(Backlog backlog, KeySlots slots, ConsumerGroup consumers, TopicContext context) {
		super(backlog, consumers, context);
		this.slots = slots;
	}

	@Override
	public void unblock() {
		this.slots.unblock();
	}

	@Override
	public void end() {
		super.end();
		this.slots.end();
	}

	@Override
	public void dispatch() {
		if (this.missing != null && !backlog().isReading()) {
			this.missing = null;
			unblock();
		}
		if (this.slots.freeBlocked()) {
			this.blockedUpTo = Position.BEFORE_FIRST;
		}
		PendingEntry next = backlog().firstWaitingAfter(this.blockedUpTo);
		while (next != null && consumers().isAnyAvailable()) {
			deliverFrom(next);
			this.blockedUpTo = next.position();
			next = backlog().firstWaitingAfter(this.blockedUpTo);
		}
		readMore();
		backlog().trim();
	}

	private void readMore() {
		if (this.missing != null) {
			backlog().readAgain(this.missing);
		}
		else if (consumers().isAnyAvailable() && backlog().waitingEntries() < MAX_WAITING_ENTRIES
				&& backlog().waitingMessages() < MAX_WAITING_MESSAGES) {
			backlog().readOn();
		}
	}

	/** Delivers from an entry what can be; what is left is blocked. */
	private void deliverFrom(PendingEntry pending) {
		Group group = nextGroup(pending);
		while (group != null) {
			Entry entry = backlog().take(pending);
			if (entry == null) {
				this.missing = (this.missing != null) ? this.missing : pending;
				pending.waiting().stream().forEach((index) -> this.slots.block(pending.keys().slot(index)));
				return;
			}
			deliver(pending, group.messages, entry, group.consumer);
			group = nextGroup(pending);
		}
	}

	/**
	 * The next messages of an entry that can go out together: to one consumer, no more
	 * than it has permits for, delivered equally often before, and none of them after a
	 * message of its slot that cannot.
	 */
	private @Nullable Group nextGroup(PendingEntry pending) {
		List<SubscriptionConsumer> consumers = consumers().all();
		Set<Integer> later = new HashSet<>();
		Group group = null;
		int size = 0;
		BitSet waiting = pending.waiting();
		for (int index = waiting.nextSetBit(0); index >= 0; index = waiting.nextSetBit(index + 1)) {
			int slot = pending.keys().slot(index);
			if (this.slots.isBlocked(slot) || later.contains(slot)) {
				continue;
			}
			SubscriptionConsumer consumer = this.slots.consumerOf(slot, consumers);
			if (!consumer.isAvailable()) {
				this.slots.block(slot);
				continue;
			}
			int redeliveries = pending.redeliveries(index);
			group = (group != null) ? group : new Group(consumer, redeliveries, new BitSet(pending.count()));
			if (group.consumer == consumer && group.redeliveries == redeliveries && size < consumer.permits()) {
				group.messages.set(index);
				size++;
			}
			else {
				later.add(slot);
			}
		}
		return group;
	}

	/** Messages of one entry that go out together. */
	private record Group(SubscriptionConsumer consumer, int redeliveries, BitSet messages) {
	}

}
