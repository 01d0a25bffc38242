package io.weir.wire;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much of something that is limited is in use, and how often somebody was refused
 * because of the limit. Safe to use from any thread.
 */
public final class Budget {

	private final long limit;

	private final AtomicLong used = new AtomicLong();

	private final LongAdder refused = new LongAdder();

	/**
	 * Creates a budget of which nothing is used.
	 * @param limit how much there is
	 */
	public Budget(long limit) {
		this.limit = limit;
	}

	/**
	 * Takes so much if it is there; else a refusal is counted.
	 * @param amount how much, to be given back
	 * @return whether it was taken
	 */
	public boolean tryTake(long amount) {
		if (this.used.addAndGet(amount) <= this.limit) {
			return true;
		}
		this.used.addAndGet(-amount);
		this.refused.increment();
		return false;
	}

	/**
	 * Takes so much as {@link #tryTake}, but one amount that is more than all there is as
	 * well, unless another such one has been taken: it would never be taken else.
	 * @param amount how much, to be given back
	 * @return whether it was taken
	 */
	public boolean tryTakeOne(long amount) {
		long before = (amount > this.limit)
				? this.used.getAndUpdate((used) -> (used <= this.limit) ? used + amount : used) : Long.MAX_VALUE;
		return before <= this.limit || tryTake(amount);
	}

	/**
	 * Takes so much, which can be more than there is: what cannot be refused any more.
	 * @param amount how much, to be given back
	 */
	public void take(long amount) {
		this.used.addAndGet(amount);
	}

	/**
	 * Gives back what was taken.
	 * @param amount how much
	 */
	public void giveBack(long amount) {
		this.used.addAndGet(-amount);
	}

	/** Counts that somebody was refused, or ended, because of the limit. */
	public void countRefusal() {
		this.refused.increment();
	}

	/**
	 * How much there is.
	 * @return the limit
	 */
	public long limit() {
		return this.limit;
	}

	/**
	 * How much is in use.
	 * @return the amount, which can be above the limit
	 */
	public long used() {
		return this.used.get();
	}

	/**
	 * Whether more is in use than there is.
	 * @return whether the limit is exceeded
	 */
	public boolean isExceeded() {
		return used() > this.limit;
	}

	/**
	 * How often somebody was refused.
	 * @return the count
	 */
	public long refused() {
		return this.refused.sum();
	}

}
