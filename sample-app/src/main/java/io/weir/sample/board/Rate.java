package io.weir.sample.board;

/** How fast a count grows. Used by one thread. */
final class Rate {

	private static final double NANOS = 1e9;

	private long count;

	private long time;

	Rate(long now) {
		this.time = now;
	}

	/**
	 * Takes the count of now.
	 * @param count the count
	 * @param now nanoseconds of a clock that never goes back
	 * @return by how much it has grown in a second, in the mean since the last call
	 */
	double update(long count, long now) {
		double perSecond = (now > this.time) ? (count - this.count) * NANOS / (now - this.time) : 0;
		this.count = count;
		this.time = now;
		return perSecond;
	}

}
