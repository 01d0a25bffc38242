package io.weir.pool;

import java.util.Arrays;

/**
 * The slots that exist. Everybody reads; only the maintenance thread adds and removes, by
 * publishing a new snapshot.
 *
 * <p>
 * Loans are not counted one by one: each slot's state word counts its own, and a snapshot
 * carries the sum of those removed.
 */
final class SlotTable<T> {

	private volatile Snapshot<T> snapshot = Snapshot.empty();

	Slot<T>[] slots() {
		return this.snapshot.slots;
	}

	Snapshot<T> snapshot() {
		return this.snapshot;
	}

	int size() {
		return this.snapshot.slots.length;
	}

	int count(int status) {
		int count = 0;
		for (Slot<T> slot : slots()) {
			if (slot.status() == status) {
				count++;
			}
		}
		return count;
	}

	void add(Slot<T> slot) {
		this.snapshot = this.snapshot.with(slot);
	}

	/** Removes a slot whose state is final. */
	void remove(Slot<T> slot) {
		this.snapshot = this.snapshot.without(slot);
	}

	/** The slots at one moment, and the loans of those removed before. */
	static final class Snapshot<T> {

		final Slot<T>[] slots;

		private final long removedLoans;

		private final long removedReturns;

		private Snapshot(Slot<T>[] slots, long removedLoans, long removedReturns) {
			this.slots = slots;
			this.removedLoans = removedLoans;
			this.removedReturns = removedReturns;
		}

		@SuppressWarnings({ "unchecked", "rawtypes" }) // generic array creation
		static <T> Snapshot<T> empty() {
			return new Snapshot<>(new Slot[0], 0, 0);
		}

		private Snapshot<T> with(Slot<T> slot) {
			Slot<T>[] more = Arrays.copyOf(this.slots, this.slots.length + 1);
			more[this.slots.length] = slot;
			return new Snapshot<>(more, this.removedLoans, this.removedReturns);
		}

		private Snapshot<T> without(Slot<T> slot) {
			int index = Arrays.asList(this.slots).indexOf(slot);
			Slot<T>[] fewer = Arrays.copyOf(this.slots, this.slots.length - 1);
			System.arraycopy(this.slots, index + 1, fewer, index, fewer.length - index);
			long word = slot.word();
			return new Snapshot<>(fewer, this.removedLoans + SlotWord.loans(word), this.removedReturns + returns(word));
		}

		/** Claims so far. */
		long loans() {
			long sum = this.removedLoans;
			for (Slot<T> slot : this.slots) {
				sum += SlotWord.loans(slot.word());
			}
			return sum;
		}

		/** Loans so far that ended with the slot idle again. */
		long returns() {
			long sum = this.removedReturns;
			for (Slot<T> slot : this.slots) {
				sum += returns(slot.word());
			}
			return sum;
		}

		private static long returns(long word) {
			boolean lastLoanReturned = !SlotWord.isLent(word) && SlotWord.status(word) != SlotWord.ENDED;
			return SlotWord.loans(word) - (lastLoanReturned ? 0 : 1);
		}

	}

}
