package io.weir.broker.policy;

import org.jspecify.annotations.Nullable;

/**
 * A policy that counts, and where it comes from.
 *
 * @param name its name, as it is configured: {@code retention-time}
 * @param value its value, as it can be configured, with durations as in {@code PT24H} and
 * sizes in bytes; {@code null} if there is none: no bound, or what consumers state
 * @param origin who says so
 * @param pattern which pattern of the broker's defaults says so, or {@code null} if none
 * does
 */
public record PolicyDescription(String name, @Nullable String value, Origin origin, @Nullable String pattern) {

	/** Where a policy comes from. */
	public enum Origin {

		/** It was said of the topic, or of the subscription, itself. */
		OWN,

		/** A pattern of the broker's defaults says so. */
		PATTERN,

		/** Nobody says anything. */
		BUILT_IN

	}

}
