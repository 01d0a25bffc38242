package io.weir.broker.engine.dispatch;

import io.weir.broker.engine.context.TopicProgress;
import io.weir.wire.Position;

/**
 * What a reader of the compacted view passes over: entries that are there, and of which
 * each message has a later one with its key.
 */
final class CompactedView {

	private final AckLedger ledger;

	private final TopicProgress topic;

	CompactedView(AckLedger ledger, TopicProgress topic) {
		this.ledger = ledger;
		this.topic = topic;
	}

	/** Where reading goes on; what stands before counts as read. */
	Position nextToRead() {
		Position next = this.ledger.nextToRead();
		Position kept = this.topic.keptFrom(next);
		if (kept.isAfter(next)) {
			this.ledger.skip(kept.before());
		}
		return kept;
	}

	/** Whether an entry that was read is passed over; it counts as read then. */
	boolean passesOver(Position position) {
		boolean superseded = this.topic.isSuperseded(position);
		if (superseded) {
			this.ledger.skip(position);
		}
		return superseded;
	}

}
