package io.weir.benchmarks.endtoend;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What was measured.
 *
 * @param messagesPerSecond with many in flight
 * @param p50Micros half of the messages sent one at a time took less, in microseconds
 * @param p99Micros all but a hundredth of them took less
 */
record Result(double messagesPerSecond, long p50Micros, long p99Micros) {

	static Result of(int messages, long nanos, long[] latencies) {
		long[] sorted = latencies.clone();
		Arrays.sort(sorted);
		return new Result(messages * (double) TimeUnit.SECONDS.toNanos(1) / nanos, micros(sorted, 0.5),
				micros(sorted, 0.99));
	}

	private static long micros(long[] sorted, double quantile) {
		return TimeUnit.NANOSECONDS.toMicros(sorted[(int) (sorted.length * quantile)]);
	}

}
