package io.weir.wire;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.time.BackoffRule;

/**
 * What becomes of a subscription's messages that are not acknowledged. All times are in
 * milliseconds.
 *
 * @param ackTimeout after which a message that a consumer has counts as given back, or 0
 * for never
 * @param backoff how long a message waits that was given back, by how often it was
 * delivered again before
 * @param maxRedeliveries how often a message is delivered again before it becomes a dead
 * letter
 * @param deadLetterTopic where dead letters are published, or {@code null} if messages
 * are delivered again for ever
 */
public record RedeliveryPolicy(long ackTimeout, BackoffRule backoff, int maxRedeliveries,
		@Nullable String deadLetterTopic) {

	/** Nothing but to be delivered again at once. */
	public static final RedeliveryPolicy NONE = new RedeliveryPolicy(0, BackoffRule.NONE, 0, null);

	/**
	 * Checks the policy.
	 * @throws IllegalArgumentException naming what is allowed
	 */
	public RedeliveryPolicy {
		Objects.requireNonNull(backoff, "backoff");
		if (ackTimeout < 0) {
			throw new IllegalArgumentException("The acknowledgement timeout must be from 0, was " + ackTimeout);
		}
		if (maxRedeliveries < 0) {
			throw new IllegalArgumentException("The redeliveries must be from 0, were " + maxRedeliveries);
		}
	}

	/** Whether a message that was delivered again so often is not any more. */
	public boolean isExhausted(int redeliveries) {
		return this.deadLetterTopic != null
				&& (redeliveries > this.maxRedeliveries || redeliveries == Integer.MAX_VALUE);
	}

}
