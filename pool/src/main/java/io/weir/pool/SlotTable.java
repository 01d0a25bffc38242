package io.weir.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The slots that exist. Everybody reads; only the maintenance thread adds and removes, by
 * publishing a new snapshot.
 *
 * <p>
 * Loans are not counted one by one: each slot's state word counts its own, and a snapshot
 * carries the sum of those removed.
 */
final class SlotTable<T> {

	/** A power of two; more threads than these share their homes. */
	private static final int HOMES = 256;

	/** So that whoever reads a home sees its slot as it was made. */
	private static final VarHandle HOME = MethodHandles.arrayElementVarHandle(Slot[].class);

	/** What stands where there is no slot. */
	private final Slot<T>[] none = Snapshot.array(1);

	private volatile Snapshot<T> snapshot = Snapshot.empty();

	/** Where threads look first: the slots, over and over. */
	private final Slot<T>[] homes = Snapshot.array(HOMES);

	SlotTable() {
		this.none[0] = Slot.taken();
		publish(this.snapshot);
	}

	/** The slots, in no particular order. */
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
		return count((slot) -> slot.status() == status);
	}

	int count(Predicate<Slot<T>> wanted) {
		int count = 0;
		for (Slot<T> slot : slots()) {
			if (wanted.test(slot)) {
				count++;
			}
		}
		return count;
	}

	/**
	 * The homes, for {@link #home(Slot[])}. They are the same array for ever, for
	 * borrowers to keep: each step on the way to a slot is seen in what a borrow costs.
	 */
	Slot<T>[] homes() {
		return this.homes;
	}

	/**
	 * Where the calling thread looks first. Threads that start apart meet less, and one
	 * that starts where it did before finds the slot in its cache. Thread ids are
	 * consecutive, so a mask spreads them as well as a division, which would cost as much
	 * as the claim itself.
	 */
	static <T> Slot<T> home(Slot<T>[] homes) {
		return (Slot<T>) HOME.getAcquire(homes, place(homes));
	}

	/**
	 * In a large pool, makes this slot the one where the calling thread looks first, so
	 * that it need not search again while its former home is lent for long. In a small
	 * pool a search costs less than it costs others when the homes change.
	 */
	void settle(Slot<T> slot) {
		if (size() > IdleHints.WORTHWHILE) {
			HOME.setRelease(this.homes, place(this.homes), slot);
		}
	}

	private static int place(Slot<?>[] homes) {
		return (int) Thread.currentThread().getId() & (homes.length - 1);
	}

	/** Begins a search for idle slots. */
	IdleSearch<T> search() {
		Snapshot<T> now = this.snapshot;
		return new IdleSearch<>(this, now.numbered, now.hints, (int) Thread.currentThread().getId());
	}

	@Nullable Slot<T> numbered(int number) {
		@Nullable Slot<T>[] places = this.snapshot.numbered;
		return (number < places.length) ? places[number] : null;
	}

	/** Whether a slot is idle. */
	boolean hasIdle() {
		return search().next() != null;
	}

	/** Has the slot found by those who search; to be called after it has become idle. */
	void hint(Slot<T> slot) {
		if (slot.hidden) {
			slot.hidden = false; // before: who hides it after the hint must be seen
			IdleHints hints = this.snapshot.hints;
			if (hints != null) {
				hints.set(slot.number);
			}
		}
	}

	void add(Slot<T> slot) {
		publish(this.snapshot.with(slot));
	}

	/** Removes a slot whose state is final. */
	void remove(Slot<T> slot) {
		publish(this.snapshot.without(slot));
	}

	private void publish(Snapshot<T> next) {
		this.snapshot = next;
		Slot<T>[] inhabitable = (next.slots.length > 0) ? next.slots : this.none;
		for (int i = 0; i < HOMES; i++) {
			HOME.setRelease(this.homes, i, inhabitable[i % inhabitable.length]);
		}
	}

	/** The slots at one moment, and the loans of those removed before. */
	static final class Snapshot<T> {

		final Slot<T>[] slots;

		/** The slots by number, with gaps. */
		private final @Nullable Slot<T>[] numbered;

		private final @Nullable IdleHints hints;

		private final long removedLoans;

		private final long removedReturns;

		private Snapshot(Slot<T>[] slots, @Nullable Slot<T>[] numbered, @Nullable IdleHints hints, long removedLoans,
				long removedReturns) {
			this.slots = slots;
			this.numbered = numbered;
			this.hints = hints;
			this.removedLoans = removedLoans;
			this.removedReturns = removedReturns;
		}

		static <T> Snapshot<T> empty() {
			return new Snapshot<>(array(0), array(0), null, 0, 0);
		}

		@SuppressWarnings({ "unchecked", "rawtypes" }) // generic array creation
		private static <T> Slot<T>[] array(int length) {
			return new Slot[length];
		}

		private Snapshot<T> with(Slot<T> slot) {
			Slot<T>[] more = Arrays.copyOf(this.slots, this.slots.length + 1);
			more[this.slots.length] = slot;
			int free = Arrays.asList(this.numbered).indexOf(null);
			slot.number = (free >= 0) ? free : this.numbered.length;
			@Nullable Slot<T>[] places = Arrays.copyOf(this.numbered, Math.max(this.numbered.length, slot.number + 1));
			places[slot.number] = slot;
			return new Snapshot<>(more, places, IdleHints.enough(this.hints, places.length), this.removedLoans,
					this.removedReturns);
		}

		private Snapshot<T> without(Slot<T> slot) {
			int index = Arrays.asList(this.slots).indexOf(slot);
			Slot<T>[] fewer = Arrays.copyOf(this.slots, this.slots.length - 1);
			System.arraycopy(this.slots, index + 1, fewer, index, fewer.length - index);
			@Nullable Slot<T>[] places = this.numbered.clone();
			places[slot.number] = null;
			long word = slot.word();
			return new Snapshot<>(fewer, places, this.hints, this.removedLoans + SlotWord.loans(word),
					this.removedReturns + returns(word));
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
