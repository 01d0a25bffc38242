package io.weir.time;

/**
 * The one rule for delays that grow. All times are in one unit, which is the caller's.
 *
 * @param initial the first delay, from 0
 * @param multiplier what it is multiplied by each time, from 1
 * @param max the longest delay, not less than the first
 * @param jitter which part of a delay is left to chance, from 0 (none) to 1 (all)
 */
public record BackoffRule(long initial, double multiplier, long max, double jitter) {

	/** No delay. */
	public static final BackoffRule NONE = new BackoffRule(0, 1, 0, 0);

	/**
	 * Checks the rule.
	 * @throws IllegalArgumentException naming what is allowed
	 */
	public BackoffRule {
		if (initial < 0 || max < initial) {
			throw new IllegalArgumentException("The delays of a back-off must be from 0, and the first at most the "
					+ "longest, were " + initial + " and " + max);
		}
		if (!(multiplier >= 1) || Double.isInfinite(multiplier)) {
			throw new IllegalArgumentException("The multiplier of a back-off must be at least 1, was " + multiplier);
		}
		if (!(jitter >= 0 && jitter <= 1)) {
			throw new IllegalArgumentException("The jitter of a back-off must be from 0 to 1, was " + jitter);
		}
	}

	/**
	 * The longest delay before an attempt.
	 * @param attempt how many came before it, from 0
	 * @return the delay
	 */
	public long span(int attempt) {
		if (this.initial == 0) {
			return 0;
		}
		double span = this.initial * Math.pow(this.multiplier, attempt);
		return (span < this.max) ? (long) span : this.max;
	}

	/**
	 * The delay before an attempt.
	 * @param attempt how many came before it, from 0
	 * @param random a number from 0 to 1; 1 for the longest delay
	 * @return the delay
	 */
	public long delay(int attempt, double random) {
		return (long) (span(attempt) * (1 - this.jitter + this.jitter * random));
	}

}
