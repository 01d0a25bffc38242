package io.weir.benchmarks.engine;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/** How much of the heap is used by what can be reached. */
final class Heap {

	/** What only finalizers and cleaners reach takes more than one. */
	private static final int COLLECTIONS = 3;

	private Heap() {
	}

	/**
	 * Collects garbage. What is used is asked as it was right afterwards: each thread
	 * that goes on takes megabytes for itself at once.
	 */
	static long used() {
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
		}
		long used = 0;
		for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
			MemoryUsage afterwards = pool.getCollectionUsage();
			if (pool.getType() == MemoryType.HEAP && afterwards != null) {
				used += afterwards.getUsed();
			}
		}
		return used;
	}

}
