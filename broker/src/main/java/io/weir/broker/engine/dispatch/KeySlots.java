package io.weir.broker.engine.dispatch;

import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;

import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.context.Sparse;
import io.weir.broker.store.MessageIndex;

/**
 * To which consumer the messages of a key go. Keys share a large number of slots by their
 * hash. A slot with messages in flight stays with the consumer that has them; any other
 * goes to the consumer with the highest weight for it (rendezvous hashing), so that few
 * slots change hands when consumers come and go.
 */
final class KeySlots {

	private static final int BITS = 16;

	/** Without room for any, so that nobody changes it. */
	private static final BitSet NONE = new BitSet(0);

	private static final int GOLDEN_RATIO = 0x9E37_79B9;

	private final EngineFigures figures;

	/** A map of its own as long as something is. */
	private Map<Integer, Holding> inFlight = Map.of();

	/** Slots whose first message that waits cannot be delivered now. */
	private BitSet blocked = NONE;

	/** Slots with messages that are held back, and how many those are. */
	private NavigableMap<Integer, Integer> parked = Collections.emptyNavigableMap();

	private boolean unblocked;

	KeySlots(EngineFigures figures) {
		this.figures = figures;
	}

	/** The slots of an entry's messages. */
	EntryKeys of(MessageIndex index) {
		char[] slots = new char[index.count()];
		for (int i = 0; i < slots.length; i++) {
			slots[i] = (char) ((index.keyHash(i) * GOLDEN_RATIO) >>> (Integer.SIZE - BITS));
		}
		return new EntryKeys(slots, this);
	}

	/** The only consumer that may be sent the next message of a slot. */
	SubscriptionConsumer consumerOf(int slot, List<SubscriptionConsumer> consumers) {
		Holding holding = this.inFlight.get(slot);
		if (holding != null) {
			return holding.consumer;
		}
		SubscriptionConsumer heaviest = consumers.get(0);
		long weight = weight(slot, heaviest.peer());
		for (SubscriptionConsumer consumer : consumers) {
			long other = weight(slot, consumer.peer());
			if (other > weight) {
				heaviest = consumer;
				weight = other;
			}
		}
		return heaviest;
	}

	void delivered(int slot, SubscriptionConsumer consumer) {
		Holding holding = this.inFlight.get(slot);
		if (holding == null) {
			holding = new Holding(consumer);
			if (this.inFlight.isEmpty()) {
				this.inFlight = new HashMap<>();
			}
			this.inFlight.put(slot, holding);
		}
		holding.messages++;
	}

	/** A message that was delivered is acknowledged, or came back. */
	void settled(int slot) {
		Holding holding = Objects.requireNonNull(this.inFlight.get(slot), "Nothing is in flight");
		holding.messages--;
		if (holding.messages == 0) {
			this.inFlight.remove(slot);
			this.unblocked |= this.blocked.get(slot);
			if (this.inFlight.isEmpty()) {
				this.inFlight = Map.of();
			}
		}
	}

	/** Later messages of the slot must not overtake one that cannot be delivered. */
	void block(int slot) {
		if (this.blocked.size() == 0) {
			this.blocked = new BitSet();
		}
		this.blocked.set(slot);
	}

	boolean isBlocked(int slot) {
		return this.blocked.get(slot) || (!this.parked.isEmpty() && this.parked.containsKey(slot));
	}

	/** A message is held back, and the later ones of its slot with it. */
	void parked(int slot) {
		int messages = this.parked.getOrDefault(slot, 0) + 1;
		this.parked = Sparse.with(this.parked, slot, messages);
		if (messages == 1) {
			this.figures.parkedKeys(1);
		}
	}

	/** A message is held back no more. */
	void unparked(int slot) {
		int left = this.parked.getOrDefault(slot, 0) - 1;
		if (left == 0) {
			this.parked = Sparse.without(this.parked, slot);
			this.figures.parkedKeys(-1);
			this.unblocked = true;
		}
		else {
			this.parked = Sparse.with(this.parked, slot, left);
		}
	}

	/** How many slots have messages that are held back. */
	int parked() {
		return this.parked.size();
	}

	/** Nothing is held back any more, since nothing is delivered. */
	void end() {
		this.figures.parkedKeys(-parked());
		this.parked = Collections.emptyNavigableMap();
	}

	/** Something happened by which a blocked slot may be none any more. */
	void unblock() {
		this.unblocked = true;
	}

	/** Nobody is there to be sent anything: what is blocked is free the next time. */
	void release() {
		this.blocked = NONE;
		this.unblocked = true;
	}

	/** Frees the blocked slots if there is reason to look at them again. */
	boolean freeBlocked() {
		boolean free = this.unblocked;
		this.unblocked = false;
		if (free) {
			this.blocked.clear();
		}
		return free;
	}

	private static long weight(int slot, Peer peer) {
		long mixed = mix((peer.session() * 0xC2B2_AE3D_27D4_EB4FL) + peer.id());
		return mix(mixed + (slot * 0x9E37_79B9_7F4A_7C15L));
	}

	/** The finalizer of SplitMix64: each bit of the input changes half of the output. */
	private static long mix(long value) {
		long mixed = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
		return mixed ^ (mixed >>> 31);
	}

	/** Messages of a slot that are with a consumer. */
	private static final class Holding {

		private final SubscriptionConsumer consumer;

		private int messages;

		Holding(SubscriptionConsumer consumer) {
			this.consumer = consumer;
		}

	}

}
