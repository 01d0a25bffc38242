package io.weir.benchmarks.endtoend;

/**
 * What is sent.
 *
 * @param messages how many
 * @param bytes the size of each
 */
record Load(int messages, int bytes) {

	/** The part of the messages that is sent one at a time. */
	static final int LATENCY_DIVISOR = 100;

	/** How many may be in flight. */
	static final int IN_FLIGHT = 4000;

	byte[] payload() {
		return new byte[this.bytes];
	}

	int singles() {
		return this.messages / LATENCY_DIVISOR;
	}

}
