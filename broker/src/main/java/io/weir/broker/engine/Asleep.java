package io.weir.broker.engine;

import java.util.Map;

/**
 * What a topic knew that is not stored, when it left the memory: it goes on with that
 * when it is opened again. Times are those of a clock that nobody sets.
 *
 * @param unusedSince since when nobody uses the topic, or {@link #UNKNOWN}
 * @param unusedNames since when nobody uses the names of producers
 */
public record Asleep(long unusedSince, Map<String, Long> unusedNames) {

	/** It counts from the opening. */
	public static final long UNKNOWN = Long.MIN_VALUE;

	/** Nothing is known of what was before. */
	public static final Asleep UNTIL_NOW = new Asleep(UNKNOWN, Map.of());

}
