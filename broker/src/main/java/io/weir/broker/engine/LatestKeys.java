package io.weir.broker.engine;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.wire.Position;

/**
 * Which entry has the latest message of each key, as far as a log was looked at: a hash
 * table of arrays, since objects for each key would take several times the memory. A key
 * is 128 bits of a cryptographic hash, so that nobody finds two keys with one. It takes
 * some 100 bytes for each key, with its entry. For one thread at a time.
 */
final class LatestKeys {

	private static final byte TOMBSTONE = 1;

	private static final byte HELD = 2;

	private int size;

	private Slots slots = new Slots(1 << 10);

	/** How many keys there are. */
	int size() {
		return this.size;
	}

	/** The entry with the latest message of a key, or {@code null} if it is new. */
	@Nullable Holder find(long high, long low) {
		return this.slots.holders[this.slots.find(high, low)];
	}

	/** An entry has a later message of a key. */
	void put(long high, long low, Holder holder, boolean tombstone) {
		if (this.size >= this.slots.holders.length / 2) {
			this.slots = this.slots.twice();
		}
		int slot = this.slots.find(high, low);
		this.size += (this.slots.holders[slot] == null) ? 1 : 0;
		this.slots.set(slot, high, low, holder, tombstone ? TOMBSTONE : 0);
	}

	/** An entry that stays has a message of a key: its tombstone has to stay, too. */
	void hold(long high, long low, Position position) {
		int slot = this.slots.find(high, low);
		Holder holder = this.slots.holders[slot];
		if (holder != null && !holder.position.equals(position)) {
			this.slots.flags[slot] |= HELD;
		}
	}

	/** Whether the latest message of some key is a tombstone from before a time. */
	boolean hasTombstones(long before) {
		for (int slot = 0; slot < this.slots.holders.length; slot++) {
			if (this.slots.isTombstone(slot, before)) {
				return true;
			}
		}
		return false;
	}

	/** Tells, of each old tombstone that hides nothing, which entry it is in. */
	void tombstones(long before, Consumer<Holder> consumer) {
		for (int slot = 0; slot < this.slots.holders.length; slot++) {
			Holder holder = this.slots.holders[slot];
			if (holder != null && this.slots.isTombstone(slot, before) && (this.slots.flags[slot] & HELD) == 0) {
				consumer.accept(holder);
			}
		}
	}

	/** An entry, with how many of its messages have to stay. */
	static final class Holder {

		private final Position position;

		private final long publishTime;

		private final int messages;

		private final int bytes;

		private int kept;

		Holder(Position position, long publishTime, int messages, int bytes) {
			this.position = position;
			this.publishTime = publishTime;
			this.messages = messages;
			this.bytes = bytes;
		}

		Position position() {
			return this.position;
		}

		int messages() {
			return this.messages;
		}

		/** One more has to stay. */
		void keep() {
			this.kept++;
		}

		/** One need not stay any more. */
		void letGo() {
			this.kept--;
		}

		boolean isEmpty() {
			return this.kept == 0;
		}

		Superseded superseded() {
			return new Superseded(this.position, this.messages, this.bytes);
		}

	}

	/** The columns of the table. */
	private static final class Slots {

		private final long[] high;

		private final long[] low;

		private final byte[] flags;

		/** Where there is none, there is no key. */
		private final @Nullable Holder[] holders;

		Slots(int capacity) {
			this.high = new long[capacity];
			this.low = new long[capacity];
			this.flags = new byte[capacity];
			this.holders = new Holder[capacity];
		}

		int find(long high, long low) {
			int mask = this.holders.length - 1;
			int slot = (int) low & mask;
			while (this.holders[slot] != null && (this.high[slot] != high || this.low[slot] != low)) {
				slot = (slot + 1) & mask;
			}
			return slot;
		}

		void set(int slot, long high, long low, @Nullable Holder holder, byte flags) {
			this.high[slot] = high;
			this.low[slot] = low;
			this.holders[slot] = holder;
			this.flags[slot] = flags;
		}

		boolean isTombstone(int slot, long before) {
			Holder holder = this.holders[slot];
			return holder != null && (this.flags[slot] & TOMBSTONE) != 0 && holder.publishTime < before
					&& !holder.isEmpty();
		}

		Slots twice() {
			Slots larger = new Slots(2 * this.holders.length);
			for (int i = 0; i < this.holders.length; i++) {
				if (this.holders[i] != null) {
					int slot = larger.find(this.high[i], this.low[i]);
					larger.set(slot, this.high[i], this.low[i], this.holders[i], this.flags[i]);
				}
			}
			return larger;
		}

	}

}
