package io.weir.benchmarks.network;

import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Collects durations; safe to use from any thread. */
final class Latencies {

	private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();

	void add(long duration) {
		this.nanos.add(duration);
	}

	Summary summary() {
		long[] sorted = this.nanos.stream().mapToLong(Long::longValue).sorted().toArray();
		if (sorted.length == 0) {
			throw new IllegalStateException("Nothing was measured");
		}
		return new Summary(sorted.length, micros(sorted, 0.5), micros(sorted, 0.99),
				TimeUnit.NANOSECONDS.toMicros(Arrays.stream(sorted).max().orElse(0)));
	}

	private static long micros(long[] sorted, double quantile) {
		return TimeUnit.NANOSECONDS.toMicros(sorted[(int) (sorted.length * quantile)]);
	}

	/**
	 * What was measured, in microseconds.
	 *
	 * @param count how often
	 * @param p50 half took less
	 * @param p99 all but a hundredth took less
	 * @param max the longest
	 */
	record Summary(int count, long p50, long p99, long max) {

		void print(String name) {
			System.out.printf(Locale.ROOT, "%-44s %,8d %,11d %,11d %,11d%n", name, this.count, this.p50, this.p99,
					this.max);
		}

		static void printHeader(String title) {
			System.out.printf(Locale.ROOT, "%n%-44s %8s %11s %11s %11s%n", title, "count", "p50 µs", "p99 µs",
					"max µs");
		}

	}

}
