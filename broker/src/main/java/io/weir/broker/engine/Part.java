package io.weir.broker.engine;

import java.util.BitSet;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;

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
			passOver.andNot((first > 0) ? messages.get(first, end) : messages);
		}
		return new Part(first, end - first, passOver);
	}

	/**
	 * The entry with the bytes of this part only, which are shared with the whole one.
	 * @param ends where each message ends; {@code null} if the part is the whole entry
	 * @return to be released, beside the whole one
	 */
	Entry cut(Entry whole, int @Nullable [] ends) {
		if (ends == null) {
			return new Entry(whole.position(), whole.header(), whole.batch().retainedDuplicate());
		}
		int from = (this.firstIndex > 0) ? ends[this.firstIndex - 1] : 0;
		int to = ends[this.firstIndex + this.count - 1];
		return new Entry(whole.position(), whole.header(),
				whole.batch().retainedSlice(whole.batch().readerIndex() + from, to - from));
	}

}
