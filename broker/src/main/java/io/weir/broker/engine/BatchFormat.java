package io.weir.broker.engine;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;

/**
 * What the engine has to know of the bytes of an entry. Called on the topics' threads;
 * fails never. The entry stays the caller's, and its buffer keeps its reader index.
 */
public interface BatchFormat {

	/**
	 * Computes a hash of each message's key: equal for equal keys, and for messages
	 * without a key, which count as messages of one key. If the keys cannot be told, all
	 * are equal. Asked for entries that are read for KEY_SHARED subscriptions.
	 * @param entry the entry
	 * @return a hash for each message
	 */
	int[] keyHashes(Entry entry);

	/**
	 * Finds the messages, so that they can be sent without the others. Asked for entries
	 * of which a consumer is sent a part only.
	 * @param entry the entry
	 * @return where each message ends, in bytes from the reader index; {@code null} if
	 * they can only be sent together, as they are compressed or damaged
	 */
	int @Nullable [] messageEnds(Entry entry);

}
