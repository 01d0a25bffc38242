package io.weir.broker.policy;

/** What happens when a topic's backlog has reached its quota. */
public enum BacklogQuotaPolicy {

	/**
	 * Sending fails at once with {@code BACKLOG_QUOTA_EXCEEDED}, which is worth a retry
	 * by the application.
	 */
	REFUSE,

	/**
	 * The oldest messages are given up, whoever has not acknowledged them; producers and
	 * the newest messages go on. Not for topics that are compacted.
	 */
	DROP_OLDEST,

	/**
	 * Producers keep what they have, and send it again in order until there is room, up
	 * to their send timeout.
	 */
	BLOCK

}
