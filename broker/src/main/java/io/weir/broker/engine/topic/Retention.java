package io.weir.broker.engine.topic;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.KeptFor;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.context.TopicProgress;
import io.weir.broker.engine.subscription.Subscriptions;
import io.weir.wire.Position;

/**
 * Has given up what all durable subscriptions have acknowledged and no policy keeps: some
 * time after something has happened, sooner if much has come, and again when what is kept
 * grows old. Of a topic without durable subscriptions everything is kept, unless somebody
 * has said for how long, or it is a dead letter that was replayed.
 */
final class Retention {

	/** How long what could be given up may stay. */
	static final long INTERVAL_MILLIS = 30_000;

	/** After so many bytes it is looked for sooner. */
	static final long MANY_BYTES = 64 << 20;

	private static final long SOON_MILLIS = 1000;

	private static final long SELDOM_MILLIS = 600_000;

	private final Trimming trimming;

	private final Subscriptions subscriptions;

	private final TopicContext context;

	/** By a clock that nobody sets. */
	private long nextLook = Long.MAX_VALUE;

	private long bytesSinceLook;

	private boolean searching;

	/** Decides what stays of what could go, if the topic is compacted. */
	private @Nullable Compaction compaction;

	Retention(Trimming trimming, Subscriptions subscriptions, TopicContext context) {
		this.trimming = trimming;
		this.subscriptions = subscriptions;
		this.context = context;
	}

	/** Something has happened, after which there may be more to give up. */
	void changed() {
		if (this.nextLook == Long.MAX_VALUE) {
			lookAt(this.context.time().steady() + INTERVAL_MILLIS);
		}
	}

	/** An entry of so many bytes is stored. */
	void stored(int bytes) {
		this.bytesSinceLook += bytes;
		if (this.bytesSinceLook >= MANY_BYTES) {
			this.bytesSinceLook = 0;
			lookAt(Math.min(this.nextLook, this.context.time().steady() + SOON_MILLIS));
		}
	}

	private void lookAt(long time) {
		this.nextLook = time;
		this.context.time().wakeAtSteady(time);
	}

	/** What came of compaction, if there is any. */
	TopicSnapshot.@Nullable Compaction compaction() {
		return (isCompacted() && this.compaction != null) ? this.compaction.snapshot() : null;
	}

	void handle(Outcome.OfCompaction outcome) {
		if (this.compaction != null) {
			this.compaction.handle(outcome);
		}
	}

	void failed(Compacting<?> effect, StorageFailure failure) {
		if (this.compaction != null) {
			this.compaction.failed(effect, failure);
		}
	}

	/** Nothing more is asked of the store. */
	void logLost() {
		if (this.compaction != null) {
			this.compaction.logLost();
		}
	}

	void policiesChanged() {
		if (this.compaction == null && this.context.policies().present().compaction()) {
			this.compaction = new Compaction(this.trimming, this.subscriptions, this.context);
		}
		if (this.compaction != null) {
			this.compaction.policiesChanged();
		}
	}

	void tick() {
		if (this.nextLook <= this.context.time().steady()) {
			this.nextLook = Long.MAX_VALUE;
			this.bytesSinceLook = 0;
			look();
		}
		else if (this.nextLook < Long.MAX_VALUE) {
			this.context.time().wakeAtSteady(this.nextLook);
		}
		if (this.compaction != null) {
			this.compaction.tick();
		}
	}

	private void look() {
		Policies.Retention retention = retention();
		Position acknowledged = acknowledged();
		if (this.searching || this.trimming.isUnderWay()) {
			return;
		}
		if (acknowledged == null || retention.time() == 0 || retention.bytes() == 0) {
			giveUp(acknowledged);
		}
		else {
			this.searching = true;
			this.context.out()
				.accept(new Storing.FindNewest(KeptFor.RETENTION, this.context.time().now() - retention.time(),
						topic().extent().bytes() - retention.bytes()));
			// What is kept now grows old.
			lookAt(this.context.time().steady()
					+ Math.max(INTERVAL_MILLIS, Math.min(SELDOM_MILLIS, retention.time() / 10)));
		}
	}

	/** What is young enough to be kept begins there. */
	void found(Position newest) {
		this.searching = false;
		Position acknowledged = acknowledged();
		giveUp((acknowledged != null && acknowledged.isAfter(newest)) ? newest : acknowledged);
	}

	/** What stands before a position may go, if there is one. */
	private void giveUp(@Nullable Position before) {
		Position end = (before != null) ? before : topic().first();
		if (isCompacted() && this.compaction != null) {
			boolean unstated = !retention().stated() && this.subscriptions.needed() == null;
			this.compaction.look(unstated ? topic().lastStored() : end, end);
		}
		else if (end.isAfter(topic().first())) {
			this.trimming.trim(end, false);
		}
	}

	private boolean isCompacted() {
		return this.context.policies().present().compaction();
	}

	void failed() {
		this.searching = false;
		changed();
	}

	/** Where what is not acknowledged begins, if there is something before it. */
	private @Nullable Position acknowledged() {
		Position needed = this.subscriptions.needed();
		if (needed == null) {
			needed = retention().stated() ? topic().lastStored() : this.subscriptions.notReplayed();
		}
		// The last entry is kept in any case.
		return needed.isAfter(topic().first()) && topic().lastStored().isAfter(topic().first()) ? needed : null;
	}

	private Policies.Retention retention() {
		return this.context.policies().present().retention();
	}

	private TopicProgress topic() {
		return this.context.topic();
	}

}
