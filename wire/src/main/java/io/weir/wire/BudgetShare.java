package io.weir.wire;

/**
 * What one connection has taken of a budget that it shares with others. Used by the
 * connection's thread.
 */
public final class BudgetShare {

	private final Budget budget;

	private long used;

	private boolean ended;

	/**
	 * Creates a share of which nothing is used.
	 * @param budget the budget
	 */
	public BudgetShare(Budget budget) {
		this.budget = budget;
	}

	/**
	 * Takes so much if it is there; else a refusal is counted.
	 * @param amount how much, to be given back
	 * @return whether it was taken
	 */
	public boolean tryTake(long amount) {
		if (this.ended || !this.budget.tryTake(amount)) {
			return false;
		}
		this.used += amount;
		return true;
	}

	/**
	 * Takes so much, which can be more than there is.
	 * @param amount how much, to be given back
	 */
	public void take(long amount) {
		if (!this.ended) {
			this.budget.take(amount);
			this.used += amount;
		}
	}

	/**
	 * Gives back what was taken.
	 * @param amount how much
	 */
	public void giveBack(long amount) {
		if (!this.ended) {
			this.budget.giveBack(amount);
			this.used -= amount;
		}
	}

	/**
	 * Gives everything back: the connection is being ended, and its memory released.
	 * Harmless when ended.
	 */
	public void end() {
		giveBack(this.used);
		this.ended = true;
	}

	/**
	 * How much is in use.
	 * @return the amount
	 */
	public long used() {
		return this.used;
	}

	/**
	 * The budget.
	 * @return what this is a share of
	 */
	public Budget budget() {
		return this.budget;
	}

}
