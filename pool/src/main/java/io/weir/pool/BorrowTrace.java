package io.weir.pool;

/**
 * Where a loan began, for the report of a leak. To take one costs more than to borrow, so
 * only some loans are traced: a leak that happens again and again is found all the same.
 */
final class BorrowTrace extends Throwable {

	/** One in so many loans of a slot is traced, its first among them. */
	private static final int INTERVAL = 64;

	private final long loan;

	BorrowTrace(long loan) {
		super("Lent by thread " + Thread.currentThread().getName());
		this.loan = loan;
	}

	static boolean isDue(long loan) {
		return SlotWord.loans(loan) % INTERVAL == 1;
	}

	/** Whether it belongs to the loan of the given state word. */
	boolean isOf(long word) {
		return SlotWord.loans(word) == SlotWord.loans(this.loan);
	}

}
