package io.weir.broker.engine.dispatch;

import java.util.BitSet;

import io.weir.broker.engine.Policies;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.TopicContext;

/**
 * Which messages are not delivered any more to a subscription: those whose own time has
 * passed, and those that are older than topic or subscription allow. Counts them.
 */
public final class Expiry {

	private static final BitSet NONE = new BitSet(0);

	private final SubscriptionId subscription;

	private final TopicContext context;

	private long expired;

	private boolean news;

	Expiry(SubscriptionId subscription, TopicContext context) {
		this.subscription = subscription;
		this.context = context;
	}

	/** How long messages are delivered, or {@link Policies#UNLIMITED}. */
	public long timeToLive() {
		return this.context.policies().present().messageTtl(this.subscription.name());
	}

	/** The messages of an entry that wait and have expired; not to be changed. */
	BitSet of(PendingEntry entry) {
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

	/** Messages have expired. */
	void count(long messages) {
		this.expired += messages;
		this.news |= messages > 0;
		this.context.figures().expired(messages);
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
