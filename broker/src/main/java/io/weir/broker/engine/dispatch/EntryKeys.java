package io.weir.broker.engine.dispatch;

import java.util.BitSet;

/** To which slot each message of an entry belongs. */
final class EntryKeys {

	private final char[] slots;

	private final KeySlots all;

	EntryKeys(char[] slots, KeySlots all) {
		this.slots = slots;
		this.all = all;
	}

	int slot(int index) {
		return this.slots[index];
	}

	void delivered(BitSet messages, SubscriptionConsumer consumer) {
		messages.stream().forEach((index) -> this.all.delivered(slot(index), consumer));
	}

	void settled(BitSet messages) {
		messages.stream().forEach(this::settled);
	}

	void settled(int index) {
		this.all.settled(slot(index));
	}

	/** A message is held back, and the later ones of its key with it. */
	void parked(int index) {
		this.all.parked(slot(index));
	}

	void unparked(int index) {
		this.all.unparked(slot(index));
	}

}
