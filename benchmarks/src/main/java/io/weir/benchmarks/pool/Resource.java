package io.weir.benchmarks.pool;

import org.openjdk.jmh.infra.Blackhole;

/**
 * What the pools lend: costs nothing to make, and knows whether it is open.
 */
class Resource {

	private volatile boolean open = true;

	boolean isOpen() {
		return this.open;
	}

	void close() {
		this.open = false;
	}

	void work(int tokens) {
		if (tokens > 0) {
			Blackhole.consumeCPU(tokens);
		}
	}

}
