package io.weir.client.internal.producer;

/** How a producer spreads its messages over streams. */
public sealed interface LanePlan {

	/** One stream for all messages. */
	record Single() implements LanePlan {
	}

	/**
	 * Several lanes, each a stream; a key decides the lane.
	 *
	 * @param lanes how many
	 */
	record Keyed(int lanes) implements LanePlan {
	}

	/**
	 * One queue, and as many streams as it needs.
	 *
	 * @param growthThreshold the queue depth per stream at which one more is leased
	 */
	record Elastic(int growthThreshold) implements LanePlan {
	}

}
