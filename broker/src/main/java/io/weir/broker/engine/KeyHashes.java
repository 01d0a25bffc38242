package io.weir.broker.engine;

import io.weir.broker.store.Entry;

/**
 * Tells which messages of an entry have the same key. Called on the topics' threads, for
 * entries that are read for KEY_SHARED subscriptions.
 */
@FunctionalInterface
public interface KeyHashes {

	/**
	 * Computes a hash of each message's key: equal for equal keys, and for messages
	 * without a key, which count as messages of one key. Fails never: if the keys cannot
	 * be told, all are equal.
	 * @param entry the entry, which stays the caller's; its buffer keeps its reader index
	 * @return a hash for each message
	 */
	int[] of(Entry entry);

}
