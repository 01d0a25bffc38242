package io.weir.benchmarks.engine;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** How much of the heap is used by what can be reached. */
final class Heap {

	private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

	private static final int LOOKS = 20;

	private static final long NOISE = 16 * 1024;

	private Heap() {
	}

	/**
	 * Collects garbage until there is no more; with the serial collector that is soon.
	 */
	static long used() {
		long last = Long.MAX_VALUE;
		for (int look = 0; look < LOOKS; look++) {
			System.gc();
			long used = MEMORY.getHeapMemoryUsage().getUsed();
			if (used > last - NOISE) {
				return Math.min(used, last);
			}
			last = used;
		}
		return last;
	}

}
