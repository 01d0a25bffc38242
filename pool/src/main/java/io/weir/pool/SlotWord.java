package io.weir.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The state of one slot in one word: the number of loans so far and, in the lowest bits,
 * the {@link Status}. A loan is identified by the word that its claim wrote, so that
 * whoever holds a stale lease fails to match.
 *
 * <pre>
 *             tryLend              condemn
 *      IDLE ----------> LENT ------------> LENT_CONDEMNED
 *      |  ^ <---------- |                     |
 *      |  |   release   | endLoan             | endLoan
 *      |  |             +--------> ENDED <----+
 *      |  | endTest
 *      |  +-- TESTING --- condemn --> TESTING_CONDEMNED
 *      |        ^   ^                     |
 *      v        |   | beginTest           v
 *    STALE -----+   +--- IDLE           RETIRED  <-- any state at rest
 * </pre>
 */
class SlotWord extends SlotPadding {

	static final int IDLE = 0;

	static final int LENT = 1;

	/** Lent, to be destroyed when it is returned. */
	static final int LENT_CONDEMNED = 2;

	/** At rest for so long that it must pass a deep test before it is lent. */
	static final int STALE = 3;

	/** Under deep test: nobody but the tester may use it. */
	static final int TESTING = 4;

	/** Under deep test, to be destroyed whatever the result. */
	static final int TESTING_CONDEMNED = 5;

	/** Taken out of the pool while it was at rest. Final. */
	static final int RETIRED = 6;

	/** Taken out of the pool by or from its borrower. Final. */
	static final int ENDED = 7;

	private static final int STATUS_BITS = 3;

	private static final long STATUS_MASK = (1 << STATUS_BITS) - 1;

	/** From idle to the next loan. */
	private static final long NEXT_LOAN = (1 << STATUS_BITS) + LENT - IDLE;

	private static final VarHandle WORD;

	static {
		try {
			WORD = MethodHandles.lookup().findVarHandle(SlotWord.class, "word", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private volatile long word;

	SlotWord(int status) {
		this.word = status;
	}

	final long word() {
		return this.word;
	}

	/** Whether the resource is there to stay, as far as its state goes. */
	final boolean isLasting() {
		return switch (status()) {
			case IDLE, LENT, STALE, TESTING -> true;
			default -> false;
		};
	}

	final int status() {
		return status(this.word);
	}

	static int status(long word) {
		return (int) (word & STATUS_MASK);
	}

	/** How many loans there were up to the given word. */
	static long loans(long word) {
		return word >>> STATUS_BITS;
	}

	static boolean isLent(long word) {
		return status(word) == LENT || status(word) == LENT_CONDEMNED;
	}

	static boolean isGone(long word) {
		return status(word) >= RETIRED;
	}

	private static long with(long word, int status) {
		return (word & ~STATUS_MASK) | status;
	}

	private boolean move(long from, int status) {
		return WORD.compareAndSet(this, from, with(from, status));
	}

	/** Claims the slot if it is idle; the word of the new loan, or 0. */
	final long tryLend() {
		long now = this.word;
		if (status(now) != IDLE) {
			return 0;
		}
		long loan = now + NEXT_LOAN;
		return WORD.compareAndSet(this, now, loan) ? loan : 0;
	}

	/** Whether this loan, and no later one, is on. */
	final boolean isOn(long loan) {
		long now = this.word;
		return now == loan || now == with(loan, LENT_CONDEMNED);
	}

	/** Ends the loan and makes the slot idle, unless the loan is over or condemned. */
	final boolean release(long loan) {
		return move(loan, IDLE);
	}

	/** Ends the loan and takes the slot out of the pool, unless the loan is over. */
	final boolean endLoan(long loan) {
		return move(loan, ENDED) || move(with(loan, LENT_CONDEMNED), ENDED);
	}

	/** Marks the slot as not to be lent untested, if it is still as it was seen. */
	final boolean markStale(long seen) {
		return status(seen) == IDLE && move(seen, STALE);
	}

	/** Reserves the slot for a deep test, if it is still as it was seen and at rest. */
	final boolean beginTest(long seen) {
		return (status(seen) == IDLE || status(seen) == STALE) && move(seen, TESTING);
	}

	/**
	 * Makes the slot idle after a test that it passed, unless it was condemned or
	 * retired.
	 */
	final boolean endTest() {
		long now = this.word;
		return status(now) == TESTING && move(now, IDLE);
	}

	/** Takes the slot out of the pool after a test, unless it is out already. */
	final boolean retireTested() {
		return !isGone(kill());
	}

	/** Takes the slot out of the pool if it is idle or stale. */
	final boolean retireIdle() {
		while (true) {
			long now = this.word;
			if (status(now) != IDLE && status(now) != STALE) {
				return false;
			}
			if (move(now, RETIRED)) {
				return true;
			}
		}
	}

	/**
	 * Takes the slot out of the pool now if it is idle, or else has its borrower or
	 * tester do so.
	 * @return whether it was taken out now, so that the caller has to dispose of it
	 */
	final boolean condemn() {
		while (true) {
			long now = this.word;
			int next = switch (status(now)) {
				case IDLE, STALE -> RETIRED;
				case LENT -> LENT_CONDEMNED;
				case TESTING -> TESTING_CONDEMNED;
				default -> status(now);
			};
			if (next == status(now)) {
				return false;
			}
			if (move(now, next)) {
				return next == RETIRED;
			}
		}
	}

	/**
	 * Takes the slot out of the pool whatever it does.
	 * @return the word before, which is gone already if somebody else was faster
	 */
	final long kill() {
		while (true) {
			long now = this.word;
			if (isGone(now) || move(now, isLent(now) ? ENDED : RETIRED)) {
				return now;
			}
		}
	}

}
