package io.weir.wire.codec;

import io.weir.wire.MessageTimes;

/** Is told of each message of a batch, in order, while the batch is checked. */
@FunctionalInterface
public interface MessageVisitor {

	/** The hash of a message without a key. */
	int NO_KEY = 0;

	/**
	 * A message was checked; what follows it may still turn out not to be one.
	 * @param size how many bytes it takes in the batch when that is not compressed, with
	 * its length
	 * @param keyHash the CRC32C of its key's UTF-8, or {@link #NO_KEY}
	 * @param times between which times it may be delivered
	 */
	void message(int size, int keyHash, MessageTimes times);

}
