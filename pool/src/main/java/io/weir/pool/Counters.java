package io.weir.pool;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what is rare. Loans and returns that went well are not counted here but read
 * from the slots' state words.
 */
final class Counters {

	final LongAdder created = new LongAdder();

	final LongAdder creationFailures = new LongAdder();

	final LongAdder timeouts = new LongAdder();

	final LongAdder leaks = new LongAdder();

	/** Claims that reached no borrower and went back. */
	final LongAdder putBacks = new LongAdder();

	/** Claims whose resource failed the cheap test on borrow. */
	final LongAdder unusableOnBorrow = new LongAdder();

	/** The most loans and returns that were read from the state words so far. */
	private final AtomicLong mostBorrows = new AtomicLong();

	private final AtomicLong mostReturns = new AtomicLong();

	/** Of borrowers that had to wait and were served. */
	final DurationRecorder waits = new DurationRecorder();

	final DurationRecorder creations = new DurationRecorder();

	private final CounterPerConstant<DestroyReason> destroyed = new CounterPerConstant<>(DestroyReason.class);

	private final CounterPerConstant<ValidationPhase> valid = new CounterPerConstant<>(ValidationPhase.class);

	private final CounterPerConstant<ValidationPhase> invalid = new CounterPerConstant<>(ValidationPhase.class);

	void destroyed(DestroyReason reason) {
		this.destroyed.increment(reason);
	}

	void validated(ValidationPhase phase, boolean passed) {
		(passed ? this.valid : this.invalid).increment(phase);
	}

	Map<DestroyReason, Long> destroyedByReason() {
		Map<DestroyReason, Long> sums = new EnumMap<>(DestroyReason.class);
		for (DestroyReason reason : DestroyReason.values()) {
			sums.put(reason, this.destroyed.sum(reason));
		}
		return sums;
	}

	/**
	 * Loans so far, of this many claims. A claim that reaches nobody is subtracted only
	 * afterwards, which must not lead the counter back.
	 */
	long borrows(long claims) {
		long borrows = claims - this.putBacks.sum() - this.unusableOnBorrow.sum();
		return this.mostBorrows.accumulateAndGet(borrows, Math::max);
	}

	/** Returns so far, of this many loans and claims that ended well. */
	long returns(long ended) {
		return this.mostReturns.accumulateAndGet(ended - this.putBacks.sum(), Math::max);
	}

	/** Adds the cheap tests that passed, which are known from the number of loans. */
	Map<ValidationPhase, ValidationCount> validations(long borrows, long returns) {
		Map<ValidationPhase, ValidationCount> counts = new EnumMap<>(ValidationPhase.class);
		for (ValidationPhase phase : ValidationPhase.values()) {
			long cheap = switch (phase) {
				case BORROW -> borrows;
				case RETURN -> returns;
				case CREATE, IDLE -> 0;
			};
			counts.put(phase, new ValidationCount(this.valid.sum(phase) + cheap, this.invalid.sum(phase)));
		}
		return counts;
	}

	private static final class CounterPerConstant<E extends Enum<E>> {

		private final Map<E, LongAdder> adders;

		CounterPerConstant(Class<E> type) {
			this.adders = new EnumMap<>(type);
			for (E constant : type.getEnumConstants()) {
				this.adders.put(constant, new LongAdder());
			}
		}

		void increment(E constant) {
			adder(constant).increment();
		}

		long sum(E constant) {
			return adder(constant).sum();
		}

		private LongAdder adder(E constant) {
			return Objects.requireNonNull(this.adders.get(constant));
		}

	}

}
