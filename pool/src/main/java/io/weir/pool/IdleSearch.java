package io.weir.pool;

import org.jspecify.annotations.Nullable;

/**
 * Looks for idle slots, each slot once, beginning at a place that differs from thread to
 * thread. What it finds may be taken by somebody else meanwhile.
 */
final class IdleSearch<T> {

	private final SlotTable<T> table;

	private final @Nullable Slot<T>[] slots;

	private final @Nullable IdleHints hints;

	private final int start;

	/** Slots or, with hints, words that were begun. */
	private int begun;

	/**
	 * The bits left of the present word, turned so that the first to look at is lowest.
	 */
	private long bits;

	/** The number of the present word's first slot. */
	private int base;

	IdleSearch(SlotTable<T> table, @Nullable Slot<T>[] slots, @Nullable IdleHints hints, int start) {
		this.table = table;
		this.slots = slots;
		this.hints = hints;
		this.start = start;
	}

	/** The next idle slot; {@code null} if there is none. */
	@Nullable Slot<T> next() {
		return (this.hints != null) ? nextHinted(this.hints) : nextInTurn();
	}

	private @Nullable Slot<T> nextInTurn() {
		int length = this.slots.length;
		while (this.begun < length) {
			Slot<T> slot = this.slots[Integer.remainderUnsigned(this.start + this.begun++, length)];
			if (isIdle(slot)) {
				return slot;
			}
		}
		return null;
	}

	private @Nullable Slot<T> nextHinted(IdleHints hints) {
		while (findBits(hints)) {
			int bit = Long.numberOfTrailingZeros(this.bits);
			this.bits &= this.bits - 1;
			int number = this.base + ((this.start + bit) & (Long.SIZE - 1));
			Slot<T> slot = (number < this.slots.length) ? this.slots[number] : null;
			if (!isIdle(slot)) {
				slot = lookAgain(hints, number);
			}
			if (slot != null) {
				return slot;
			}
		}
		return null;
	}

	private boolean findBits(IdleHints hints) {
		while (this.bits == 0 && this.begun < hints.words()) {
			int index = Integer.remainderUnsigned(this.start + this.begun++, hints.words());
			this.bits = Long.rotateRight(hints.word(index), this.start);
			this.base = index * Long.SIZE;
		}
		return this.bits != 0;
	}

	/**
	 * Hides a slot that is taken, unless the slot, or a new one in its place, is idle
	 * now.
	 */
	private @Nullable Slot<T> lookAgain(IdleHints hints, int number) {
		hints.clear(number);
		Slot<T> slot = this.table.numbered(number);
		if (slot == null) {
			return null;
		}
		slot.hidden = true;
		if (!isIdle(slot)) {
			return null;
		}
		hints.set(number);
		return slot;
	}

	private static boolean isIdle(@Nullable Slot<?> slot) {
		return slot != null && slot.status() == SlotWord.IDLE;
	}

}
