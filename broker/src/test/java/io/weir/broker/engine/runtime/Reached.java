package io.weir.broker.engine.runtime;

/** What a simulation must have come to: else its checks could not fail. */
enum Reached {

	CRASH, CLOCK_SET, RECEIPT, DUPLICATE_RECEIPT, DELAYED_MESSAGE, CANCELLED_MESSAGE, TRIMMED, DROPPED_UNACKNOWLEDGED,
	CUMULATIVE_ACKNOWLEDGEMENT, SEEK, UNSUBSCRIBED, END_TOLD, BACKLOG_CHECKED,
	/** A message was delivered again, and said so. */
	DELIVERED_AGAIN,
	/** A message was given back, and kept for a while. */
	GIVEN_BACK_WITH_DELAY, BACKED_OFF, NOT_ACKNOWLEDGED_IN_TIME, ACKNOWLEDGED_LATE,
	/** A crash took counts that were not stored. */
	COUNT_LOST,
	/** Counts outlived a crash. */
	COUNT_KEPT, KEY_PARKED, DEAD_LETTER, GIVEN_UP_FOR_GOOD,
	/** A message was on its way to the dead letters when the broker died. */
	DIED_WHILE_FORWARDING,
	/** The target was asked for what it had, and stored it no second time. */
	FORWARDED_AGAIN, FORWARD_FAILED, REPLAYED, DIED_WHILE_REPLAYING, LOG_LOST, TARGET_LOST, FENCED, COMPACTED, READ,
	COMPACTED_READ,
	/** What has a later message of its key was there, and not given to a reader. */
	PASSED_OVER, POWER_LOST,
	/** Entries that were confirmed are lost with the power, where that may be. */
	ENTRY_LOST,
	/** Acknowledgements that were confirmed are lost with the power. */
	ACKNOWLEDGEMENT_LOST,
	/** What was acknowledged comes again then. */
	DELIVERED_AFTER_LOSS,
	/** What was said to have failed was stored. */
	STORED_THOUGH_FAILED, EXPIRED_BY_ITSELF, EXPIRED_BY_POLICY,
	/** A topic was given partitions. */
	PARTITIONS_RAISED,
	/** It could not be given them all. */
	RAISE_FAILED,
	/** The broker died when nothing of that was stored. */
	DIED_BEFORE_SUBSCRIBING,
	/** New partitions had subscriptions then, and their number was not stored. */
	DIED_WHILE_SUBSCRIBING,
	/** The number was stored, and nobody had heard of it. */
	DIED_WHEN_RAISED

}
