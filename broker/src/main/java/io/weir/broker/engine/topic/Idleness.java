package io.weir.broker.engine.topic;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.publish.Publishing;
import io.weir.broker.engine.schedule.Schedule;
import io.weir.broker.engine.subscription.Subscriptions;
import io.weir.wire.BrokerLimit;

/**
 * Notices that a topic has neither producers nor consumers. After a while it may leave
 * the memory, until it is used again or has something to do; and where a policy says so,
 * it has expired after a longer while, if nobody needs what it has.
 */
final class Idleness {

	/** How soon it is looked again whether a topic that somebody needs has expired. */
	private static final long AGAIN_MILLIS = 60_000;

	/** More than it takes until what has come with the opening is done. */
	private static final long SHORTEST_REST = 60_000;

	private final Publishing publishing;

	private final Subscriptions subscriptions;

	private final Schedule schedule;

	private final TopicContext context;

	/** Or the last time that nothing had happened for long enough. */
	private long lastEvent;

	/** By a clock that nobody sets. */
	private long unusedSince;

	private boolean used;

	private long expiryNotBefore = Long.MIN_VALUE;

	Idleness(Publishing publishing, Subscriptions subscriptions, Schedule schedule, TopicContext context) {
		this.publishing = publishing;
		this.subscriptions = subscriptions;
		this.schedule = schedule;
		this.context = context;
	}

	void opened(Asleep before) {
		this.unusedSince = (before.unusedSince() != Asleep.UNKNOWN) ? before.unusedSince() : steady();
		ask();
	}

	/** Something has happened that was no tick. */
	void changed() {
		boolean before = this.used;
		this.lastEvent = steady();
		this.used = this.subscriptions.isUsed() || this.publishing.isUsed();
		if (before && !this.used) {
			this.unusedSince = steady();
			ask();
		}
	}

	/** A message has come, from whom ever. */
	void stored() {
		this.unusedSince = steady();
	}

	/** Policies say something else. */
	void policiesChanged() {
		this.expiryNotBefore = Long.MIN_VALUE;
		ask();
	}

	/** After all others have asked to be woken. */
	void tick(long wakeAt) {
		if (this.used) {
			return;
		}
		if (expiry() <= steady()) {
			this.expiryNotBefore = steady() + Math.max(AGAIN_MILLIS, policies().expireAfter());
			if (!isNeeded()) {
				this.context.out().accept(new Effect.Unused());
				ask();
				return;
			}
		}
		long others = Math.min(wakeAt, now(expiry()));
		if (steady() - this.lastEvent >= patience()) {
			// If something keeps it here, that may end.
			this.lastEvent = steady();
			if (others - this.context.time().now() >= Math.max(SHORTEST_REST, patience())
					&& this.subscriptions.isQuiet()) {
				this.context.out()
					.accept(new Effect.Rest(new Asleep(this.unusedSince, this.publishing.unusedNames()), others));
			}
		}
		ask();
	}

	private void ask() {
		this.context.time().wakeAtSteady(expiry());
		if (patience() < Long.MAX_VALUE) {
			this.context.time().wakeAtSteady(this.lastEvent + patience());
		}
	}

	/** How long nothing may have happened. */
	private long patience() {
		return this.context.budgets().of(BrokerLimit.TOPIC_IDLE_TIME).limit();
	}

	/** Why the topic is not to be deleted now, or {@code null} if it may be. */
	@Nullable String refusal(DeleteWhen when) {
		if (when == DeleteWhen.ALWAYS) {
			return null;
		}
		if (this.used) {
			return "has " + this.publishing.snapshot().size() + " producers and " + this.subscriptions.consumers()
					+ " consumers";
		}
		boolean due = this.context.topic().name().partition() > 0 || due() <= steady();
		return (when == DeleteWhen.EXPIRED && (!due || isNeeded())) ? "has not expired" : null;
	}

	/** Whether somebody misses something if the topic goes. */
	private boolean isNeeded() {
		return this.schedule.size() > 0 || !this.subscriptions.isQuiet() || this.subscriptions.hasBacklog()
				|| keepsDeadLetters();
	}

	/** Nobody has decided what becomes of them, nor said how long they are kept. */
	private boolean keepsDeadLetters() {
		return this.subscriptions.hasDeadLetters() && !policies().retention().stated();
	}

	/** When to look whether the topic has expired, by a clock that nobody sets. */
	private long expiry() {
		// All partitions of a topic expire with the first one.
		return (this.used || this.context.topic().name().partition() > 0) ? Long.MAX_VALUE
				: Math.max(due(), this.expiryNotBefore);
	}

	private long due() {
		long after = policies().expireAfter();
		Policies.Retention retention = policies().retention();
		boolean isEmpty = this.context.topic().first().isAfter(this.context.topic().lastStored());
		if (after < Policies.UNLIMITED && retention.stated() && retention.bytes() > 0 && !isEmpty) {
			after = Math.max(after, retention.time());
		}
		return (after < Policies.UNLIMITED - Math.max(0, this.unusedSince)) ? this.unusedSince + after : Long.MAX_VALUE;
	}

	private long now(long steady) {
		return (steady == Long.MAX_VALUE) ? Long.MAX_VALUE : this.context.time().now() + (steady - steady());
	}

	private Policies policies() {
		return this.context.policies().present();
	}

	private long steady() {
		return this.context.time().steady();
	}

}
