package io.weir.broker.engine.subscription;

import io.weir.broker.engine.Policies;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.dispatch.Backlog;

/**
 * Has what is too old looked for in the log, every so often. Of a durable subscription,
 * that is: nobody else would find it where nobody is there to be given it.
 */
final class ExpiredSearch {

	/** So many times while a message lives. */
	private static final int LOOKS_PER_LIFE = 20;

	/** And at least so often. */
	private static final long LONGEST_LOOK = 60_000;

	private final SubscriptionId subscription;

	private final boolean durable;

	private final Backlog backlog;

	private final TopicContext context;

	private long next = Long.MIN_VALUE;

	private boolean underWay;

	ExpiredSearch(SubscriptionId subscription, boolean durable, Backlog backlog, TopicContext context) {
		this.subscription = subscription;
		this.durable = durable;
		this.backlog = backlog;
		this.context = context;
	}

	/** Begins a search if it is time for one, and else asks to be woken. */
	void begin() {
		long timeToLive = this.backlog.expiry().timeToLive();
		if (!this.durable || timeToLive == Policies.UNLIMITED || this.underWay) {
			return;
		}
		long now = this.context.time().now();
		if (now < this.next && this.next - now <= LONGEST_LOOK) {
			this.context.time().wakeAt(this.next);
		}
		else if (this.backlog.messages() > 0) {
			this.underWay = true;
			this.context.out().accept(new Storing.FindExpired(this.subscription, now - timeToLive + 1));
		}
	}

	/** A search has ended, with or without success. */
	void ended() {
		this.underWay = false;
		long timeToLive = this.backlog.expiry().timeToLive();
		this.next = this.context.time().now() + Math.max(1, Math.min(LONGEST_LOOK, timeToLive / LOOKS_PER_LIFE));
	}

}
