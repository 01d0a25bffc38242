package io.weir.broker.engine.dispatch;

import java.util.BitSet;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Policies;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.TopicContext;
import io.weir.wire.Position;

/**
 * Takes messages out of a backlog that are not to be delivered any more: those whose own
 * time has passed, and those that are older than topic or subscription allow. They are
 * acknowledged, or become dead letters if somebody has said so. Then what nobody has
 * asked for yet is read, too, a part at a time.
 */
public final class Expiry {

	private static final BitSet NONE = new BitSet(0);

	private final SubscriptionId subscription;

	private final Backlog backlog;

	private final TopicContext context;

	/** What stands before this is to become dead letters, and not all of it was read. */
	private @Nullable Position readBefore;

	private long expired;

	private boolean news;

	Expiry(SubscriptionId subscription, Backlog backlog, TopicContext context) {
		this.subscription = subscription;
		this.backlog = backlog;
		this.context = context;
	}

	/** How long messages are delivered, or {@link Policies#UNLIMITED}. */
	public long timeToLive() {
		return this.context.policies().present().messageTtl(this.subscription.name());
	}

	/** Takes out what has expired of an entry; says whether anything waits then. */
	boolean isAlive(PendingEntry entry) {
		BitSet expired = expiredOf(entry);
		if (!expired.isEmpty()) {
			if (!this.backlog.redeliveries().giveUpExpired(entry, expired)) {
				expired.stream().forEach((index) -> this.backlog.acknowledge(entry.position().message(index)));
				this.backlog.redeliveries().expired(entry.position(), expired);
			}
			count(expired.cardinality());
			this.backlog.forgetUnlessWaiting(entry.position());
		}
		return entry.isWaiting();
	}

	/** The messages of an entry that wait and have expired; not to be changed. */
	private BitSet expiredOf(PendingEntry entry) {
		long now = this.context.time().now();
		if (now - entry.publishTime() >= timeToLive()) {
			return entry.waiting();
		}
		if (!entry.isExpiring()) {
			return NONE;
		}
		BitSet expired = entry.waiting();
		for (int index = expired.nextSetBit(0); index >= 0; index = expired.nextSetBit(index + 1)) {
			expired.set(index, entry.expiresAt(index) <= now);
		}
		return expired;
	}

	private void count(long messages) {
		this.expired += messages;
		this.news |= messages > 0;
		this.context.figures().expired(messages);
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
			count(this.backlog.passOver(position.before(), ordinal));
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

	/** Whether some have expired since this was asked last. */
	public boolean takeNews() {
		boolean told = this.news;
		this.news = false;
		return told;
	}

	/** How many messages have expired since the topic was opened. */
	public long expired() {
		return this.expired;
	}

}
