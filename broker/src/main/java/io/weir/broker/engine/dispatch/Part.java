package io.weir.broker.engine.dispatch;

import java.util.BitSet;

/**
 * What a consumer is sent of an entry: the run from the first to the last of the messages
 * that it is given. So the others of a large batch are not sent to everybody, unless they
 * are compressed together: then the run is the whole entry.
 *
 * @param firstIndex the index of the first message of the run
 * @param count how many messages the run has
 * @param passOver of the run's messages, counted from its beginning, those that are not
 * given
 */
record Part(int firstIndex, int count, BitSet passOver) {

	/** The part of an entry that holds all the messages given. */
	static Part of(BitSet messages, int entryCount, boolean divisible) {
		int first = divisible ? messages.nextSetBit(0) : 0;
		int end = divisible ? messages.length() : entryCount;
		BitSet passOver = new BitSet(0);
		if (messages.cardinality() < end - first) {
			passOver.set(0, end - first);
			passOver.andNot(messages.get(first, end));
		}
		return new Part(first, end - first, passOver);
	}

}
