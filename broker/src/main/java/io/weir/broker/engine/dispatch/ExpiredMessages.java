package io.weir.broker.engine.dispatch;

import java.util.BitSet;

import org.jspecify.annotations.Nullable;

import io.weir.wire.Position;

/**
 * Takes messages out of a backlog that have expired: they are acknowledged, or become
 * dead letters if somebody has said so. Then what nobody has asked for yet is read, too,
 * a part at a time.
 */
public final class ExpiredMessages {

	private final Backlog backlog;

	private final Expiry expiry;

	/** What stands before this is to become dead letters, and not all of it was read. */
	private @Nullable Position readBefore;

	ExpiredMessages(Backlog backlog, Expiry expiry) {
		this.backlog = backlog;
		this.expiry = expiry;
	}

	/** Takes out what has expired of an entry; says whether anything waits then. */
	boolean isAlive(PendingEntry entry) {
		BitSet expired = this.expiry.of(entry);
		if (!expired.isEmpty()) {
			if (!this.backlog.redeliveries().giveUpExpired(entry, expired)) {
				expired.stream().forEach((index) -> this.backlog.acknowledge(entry.position().message(index)));
				this.backlog.redeliveries().expired(entry.position(), expired);
			}
			this.expiry.count(expired.cardinality());
			this.backlog.forgetUnlessWaiting(entry.position());
		}
		return entry.isWaiting();
	}

	/**
	 * Takes out what stands before a position: of what was read what waits, and what was
	 * not read. What consumers have they may still acknowledge.
	 * @param ordinal how many messages the log has before it
	 */
	public void before(Position position, long ordinal) {
		if (this.backlog.redeliveries().keepsExpired()) {
			this.readBefore = position;
			readOn();
		}
		else {
			this.readBefore = null;
			this.backlog.waitingBefore(position).forEach(this::isAlive);
			this.expiry.count(this.backlog.passOver(position.before(), ordinal));
		}
	}

	/** Whether entries are read though nobody may be there to be given them. */
	boolean isReading() {
		return this.readBefore != null;
	}

	/** Something was read, or there is room for more. */
	public void readOn() {
		Position before = this.readBefore;
		if (before == null) {
			return;
		}
		this.backlog.waitingBefore(before).forEach(this::isAlive);
		if (before.isAfter(this.backlog.ledger().nextToRead())) {
			this.backlog.countPending();
			this.backlog.readOn();
		}
		else {
			this.readBefore = null;
		}
	}

}
