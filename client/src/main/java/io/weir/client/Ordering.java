package io.weir.client;

/** What order a producer promises, and what it pays for it. */
public enum Ordering {

	/**
	 * One stream for the producer's life. Messages are stored in the order in which they
	 * were sent.
	 */
	ORDERED,

	/**
	 * A fixed number of lanes, each a stream; a key always takes the same lane. Messages
	 * of one key are stored in the order in which they were sent, messages of different
	 * keys in any. Messages without a key share one lane.
	 */
	KEY_ORDERED,

	/**
	 * As many pooled streams as the load needs, one batch at a time on each. Messages are
	 * stored in any order, and no batch waits for another one's lost packet.
	 */
	UNORDERED

}
