package io.weir.pool;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long something took, how often. Immutable. Each bucket is twice as wide as the one
 * before: a percentile is known to a factor of two, at the cost of 64 numbers.
 */
public final class DurationHistogram {

	static final int BUCKETS = Long.SIZE;

	/** Nothing yet. */
	public static final DurationHistogram EMPTY = new DurationHistogram(new long[BUCKETS], 0);

	/** At index i: how many took less than 2^i nanoseconds, and at least half of that. */
	private final long[] counts;

	private final long totalNanos;

	/** Takes over the array. */
	DurationHistogram(long[] counts, long totalNanos) {
		this.counts = counts;
		this.totalNanos = totalNanos;
	}

	/**
	 * The bucket that a time falls into.
	 * @param nanos not negative
	 */
	static int bucket(long nanos) {
		return Long.SIZE - Long.numberOfLeadingZeros(nanos);
	}

	/**
	 * How many there were.
	 * @return not negative
	 */
	public long getCount() {
		return Arrays.stream(this.counts).sum();
	}

	/**
	 * The mean, which is exact.
	 * @return zero if there was none
	 */
	public Duration getMean() {
		long count = getCount();
		return Duration.ofNanos((count == 0) ? 0 : this.totalNanos / count);
	}

	/**
	 * A time that half of all did not reach.
	 * @return zero if there was none
	 */
	public Duration getP50() {
		return percentile(50);
	}

	/**
	 * A time that 99 of a hundred did not reach.
	 * @return zero if there was none
	 */
	public Duration getP99() {
		return percentile(99);
	}

	/**
	 * A time that nobody reached.
	 * @return zero if there was none
	 */
	public Duration getMax() {
		return percentile(100);
	}

	/**
	 * A time that the given part of all did not reach.
	 * @param percent more than 0, at most 100
	 * @return the upper bound of a bucket, a power of two in nanoseconds; zero if there
	 * was none
	 * @throws IllegalArgumentException if the part is out of its bounds
	 */
	public Duration percentile(double percent) {
		if (!(percent > 0 && percent <= 100)) {
			throw new IllegalArgumentException("percent must be more than 0 and at most 100, was " + percent);
		}
		long wanted = (long) Math.ceil(getCount() * percent / 100);
		if (wanted == 0) {
			return Duration.ZERO;
		}
		int bucket = 0;
		for (long seen = this.counts[0]; seen < wanted; seen += this.counts[bucket]) {
			bucket++;
		}
		return Duration.ofNanos((bucket == BUCKETS - 1) ? Long.MAX_VALUE : 1L << bucket);
	}

	/**
	 * Both together.
	 * @param other the other
	 * @return the sum of the two
	 */
	public DurationHistogram plus(DurationHistogram other) {
		long[] sums = this.counts.clone();
		Arrays.setAll(sums, (i) -> sums[i] + other.counts[i]);
		return new DurationHistogram(sums, this.totalNanos + other.totalNanos);
	}

	@Override
	public boolean equals(Object object) {
		return object instanceof DurationHistogram other && Arrays.equals(this.counts, other.counts)
				&& this.totalNanos == other.totalNanos;
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.counts);
	}

	@Override
	public String toString() {
		return "DurationHistogram[count=" + getCount() + ", mean=" + getMean() + ", p99=" + getP99() + "]";
	}

}
