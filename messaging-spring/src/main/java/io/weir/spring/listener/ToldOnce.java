package io.weir.spring.listener;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is said once of each kind, however often it happens; and of so many kinds only, as
 * others may make them up. Safe to use from any thread.
 */
final class ToldOnce {

	private static final int MOST_KINDS = 100;

	private final Set<String> kinds = ConcurrentHashMap.newKeySet();

	/** Whether nothing was said of a kind yet, and is to be now. */
	boolean isFirst(String kind) {
		return this.kinds.size() < MOST_KINDS && this.kinds.add(kind);
	}

}
