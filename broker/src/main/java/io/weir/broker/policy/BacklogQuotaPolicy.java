package io.weir.broker.policy;

/** What happens when a topic's backlog has reached its quota. */
public enum BacklogQuotaPolicy {

	/**
	 * Batches are refused with {@code BACKLOG_QUOTA_EXCEEDED}, which is worth a retry:
	 * nothing is lost, and producers are told.
	 */
	REFUSE,

	/**
	 * The oldest messages are given up, whoever has not acknowledged them; producers and
	 * the newest messages go on.
	 */
	DROP_OLDEST,

	/**
	 * Batches wait for room without an answer, up to the producer's send timeout. What
	 * waits is bounded by what each connection may ask for at a time.
	 */
	BLOCK

}
