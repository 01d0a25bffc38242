package io.weir.broker.engine.topic;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.KeptFor;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.subscription.Subscriptions;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.store.Extent;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * Bounds how many bytes a topic may have that some durable subscription has not
 * acknowledged; of a topic without any, what is kept for those to come. Where the backlog
 * begins is looked up in the log only when it matters, and some times a second at most,
 * so a batch may be refused for a moment that would just have fitted; what is being
 * stored does not count yet.
 */
final class BacklogQuota {

	/** How soon after a look the next one may be. */
	private static final long PAUSE_MILLIS = 100;

	/** How soon after a look that failed. */
	private static final long RETRY_MILLIS = 1000;

	/** So large a part of a full backlog is dropped at a time. */
	private static final int DROPPED_PART = 8;

	private static final long NOTHING = -1;

	private final Trimming trimming;

	private final Subscriptions subscriptions;

	private final TopicContext context;

	/** Where the backlog began when it was last looked up. */
	private @Nullable Position start;

	/** What the log had before the start. */
	private Extent before = Extent.NONE;

	private @Nullable Position searching;

	/** By a clock that nobody sets. */
	private long nextLook = Long.MIN_VALUE;

	/** Which subscriptions there were at the last look; none of a topic is like it. */
	private long lookedAt = NOTHING;

	/** Something has happened since the last look. */
	private boolean lookAgain;

	private boolean dropping;

	/**
	 * What is given up unless somebody acknowledges it first: what the log had before.
	 */
	private @Nullable Extent droppedAfter;

	private long refused;

	private long dropped;

	BacklogQuota(Trimming trimming, Subscriptions subscriptions, TopicContext context) {
		this.trimming = trimming;
		this.subscriptions = subscriptions;
		this.context = context;
	}

	/** How many bytes are not acknowledged, as far as that was looked up. */
	long bytes() {
		Extent trimmed = this.context.topic().trimmed();
		return Math.min(this.context.topic().bytes(),
				this.context.topic().extent().bytes() - Math.max(this.before.bytes(), trimmed.bytes()));
	}

	/** Whether it is known how much of the log compaction has left. */
	private boolean isKnown() {
		return !this.context.policies().present().compaction() || this.context.topic().isGoneKnown();
	}

	long refused() {
		return this.refused;
	}

	long dropped() {
		return this.dropped;
	}

	/**
	 * Why a batch is not taken, or {@code null} if it is, as it is while nobody knows
	 * where the backlog begins.
	 */
	@Nullable StorageFailure refusal(int bytes) {
		Policies policies = this.context.policies().present();
		long quota = policies.backlogQuota();
		if (quota == Policies.UNLIMITED || this.start == null || !isKnown() || bytes() + bytes <= quota) {
			return null;
		}
		look();
		if (policies.backlogQuotaPolicy() == BacklogQuotaPolicy.DROP_OLDEST || bytes() + bytes <= quota) {
			return null;
		}
		this.refused++;
		this.context.figures().quotaRefused();
		boolean blocks = policies.backlogQuotaPolicy() == BacklogQuotaPolicy.BLOCK;
		return new StorageFailure(blocks ? ErrorCode.OVERLOADED : ErrorCode.BACKLOG_QUOTA_EXCEEDED,
				"Topic " + this.context.topic().name() + " has " + bytes()
						+ " bytes that are not acknowledged; its backlog quota is " + quota);
	}

	/** Something has happened: the backlog may be larger, or smaller. */
	void changed() {
		long quota = this.context.policies().present().backlogQuota();
		if (quota != Policies.UNLIMITED && (bytes() > quota / 2 || this.lookedAt != this.subscriptions.generation())) {
			look();
		}
	}

	/** There may be a quota where none was, so that where it began was not looked up. */
	void policiesChanged() {
		this.start = null;
		this.lookedAt = NOTHING;
		this.nextLook = Long.MIN_VALUE;
	}

	void tick() {
		if (this.lookAgain) {
			this.lookAgain = false;
			changed();
		}
	}

	/** Finds out where the backlog begins, if it is not where it was. */
	private void look() {
		if (this.searching != null) {
			return;
		}
		if (this.context.time().steady() < this.nextLook) {
			this.lookAgain = true;
			this.context.time().wakeAtSteady(this.nextLook);
			return;
		}
		this.nextLook = this.context.time().steady() + PAUSE_MILLIS;
		this.lookedAt = this.subscriptions.generation();
		Position needed = needed();
		if (needed.equals(this.start)) {
			dropIfFull();
		}
		else if (needed.isAfter(this.context.topic().lastStored())) {
			begins(needed, this.context.topic().extent());
		}
		else if (needed.equals(Position.BEFORE_FIRST.after())) {
			begins(needed, Extent.NONE);
		}
		else {
			this.searching = needed;
			this.context.out().accept(new Storing.FindExtent(needed.before()));
		}
	}

	private void begins(Position start, Extent before) {
		this.start = start;
		this.before = before;
		dropIfFull();
	}

	private Position needed() {
		Position needed = this.subscriptions.needed();
		if (needed != null) {
			return needed;
		}
		// Nothing waits for anybody, if somebody has said how long it is kept.
		return this.context.policies().present().retention().stated() ? this.context.topic().lastStored().after()
				: this.context.topic().first();
	}

	/**
	 * What the log had up to a position was looked up, for this or for something else.
	 */
	void found(Position position, Extent extent) {
		if (this.droppedAfter != null && position.equals(this.context.topic().first().before())) {
			long messages = Math.max(0, extent.messages() - this.droppedAfter.messages());
			this.droppedAfter = null;
			this.dropped += messages;
			this.context.figures().dropped(messages);
		}
		if (this.searching != null && position.equals(this.searching.before())) {
			Position found = this.searching;
			this.searching = null;
			begins(found, extent);
		}
	}

	private void dropIfFull() {
		Policies policies = this.context.policies().present();
		long quota = policies.backlogQuota();
		if (policies.backlogQuotaPolicy() == BacklogQuotaPolicy.DROP_OLDEST && isKnown() && bytes() > quota
				&& !this.dropping) {
			this.dropping = true;
			this.context.out()
				.accept(new Storing.FindNewest(KeptFor.QUOTA, Long.MIN_VALUE,
						this.context.topic().extent().bytes() - (quota - quota / DROPPED_PART)));
		}
	}

	/** What is left of a backlog that is too large begins there. */
	void found(Position newest) {
		this.dropping = false;
		if (newest.isAfter(this.context.topic().first())) {
			Extent trimmed = this.context.topic().trimmed();
			this.droppedAfter = (this.before.messages() > trimmed.messages()) ? this.before : trimmed;
			this.trimming.trim(newest, true);
		}
	}

	/** It is looked up again. */
	void failed(Storing.Asking<?> effect) {
		if (effect instanceof Storing.FindExtent find && this.searching != null
				&& find.position().equals(this.searching.before())) {
			this.searching = null;
			this.lookedAt = NOTHING;
			this.nextLook = this.context.time().steady() + RETRY_MILLIS;
		}
		else if (effect instanceof Storing.FindNewest) {
			this.dropping = false;
		}
		else if (effect instanceof Storing.Trim) {
			this.droppedAfter = null;
		}
	}

}
