package io.weir.pool;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Fills a {@link DurationHistogram}. Any thread; for what does not happen all the time.
 */
final class DurationRecorder {

	private final AtomicLongArray counts = new AtomicLongArray(DurationHistogram.BUCKETS);

	private final LongAdder total = new LongAdder();

	void record(long nanos) {
		long time = Math.max(0, nanos);
		this.counts.incrementAndGet(DurationHistogram.bucket(time));
		this.total.add(time);
	}

	DurationHistogram histogram() {
		long[] copy = new long[this.counts.length()];
		for (int i = 0; i < copy.length; i++) {
			copy[i] = this.counts.get(i);
		}
		return new DurationHistogram(copy, this.total.sum());
	}

}
