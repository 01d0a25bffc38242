package io.weir.broker.engine.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Browse;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.KeptFor;
import io.weir.broker.engine.NoteReplayed;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.RemoveDamaged;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.StoredListener;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.EngineContext;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.context.TopicProgress;
import io.weir.broker.engine.context.TopicRules;
import io.weir.broker.engine.context.TopicTime;
import io.weir.broker.engine.publish.Publishing;
import io.weir.broker.engine.schedule.Schedule;
import io.weir.broker.engine.subscription.Subscriptions;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.OpenedLog;
import io.weir.wire.Position;

/**
 * A topic: (command, now) → effects. Deterministic, and for one thread at a time; has no
 * thread, clock or I/O of its own.
 */
public final class TopicCore {

	/** Of the last command, as far as it got. */
	private List<Effect> effects = new ArrayList<>();

	private final TopicContext context;

	private final Schedule schedule;

	private final Publishing publishing;

	private final Subscriptions subscriptions;

	private final Trimming trimming;

	private final Skipping skipping;

	private final Retention retention;

	private final BacklogQuota quota;

	private final Idleness idleness;

	private final Map<String, Cursor> recovered;

	private TopicCore(OpenedLog opened, EngineContext context) {
		Consumer<Effect> out = this::emit;
		StoredListener listener = this::stored;
		this.context = new TopicContext(new TopicProgress(opened.log(), context.figures()), new TopicTime(out),
				new TopicRules(), context, out);
		this.schedule = new Schedule(opened.log().schedule(), this.context, listener);
		this.publishing = new Publishing(opened.producers(), this.context, this.schedule, listener);
		this.subscriptions = new Subscriptions(this.context);
		this.trimming = new Trimming(this.subscriptions, this.context);
		this.skipping = new Skipping(this.subscriptions, this.context);
		this.retention = new Retention(this.trimming, this.subscriptions, this.context);
		this.quota = new BacklogQuota(this.trimming, this.subscriptions, this.context);
		this.idleness = new Idleness(this.publishing, this.subscriptions, this.schedule, this.context);
		this.recovered = opened.cursors();
	}

	/**
	 * Takes up a topic as its log remembers it. The first command must be
	 * {@link Command.Opened}.
	 * @param opened the log and what is stored beside it; of the log only how far it goes
	 * is asked for
	 * @param context what it shares with other topics
	 * @return the topic
	 */
	public static TopicCore recover(OpenedLog opened, EngineContext context) {
		return new TopicCore(opened, context);
	}

	/**
	 * Handles a command while nobody sets the clock.
	 * @param command the command, whose buffers are released by the topic
	 * @param now the time, in milliseconds since 1970
	 * @return what is to be done, in this order
	 */
	public List<Effect> handle(Command command, long now) {
		return handle(command, now, now);
	}

	/**
	 * Handles a command.
	 * @param command the command, whose buffers are released by the topic
	 * @param now the time, in milliseconds since 1970
	 * @param steady the time by a clock that nobody sets, in milliseconds
	 * @return what is to be done, in this order
	 */
	public List<Effect> handle(Command command, long now, long steady) {
		// Not what a command that failed left half done.
		this.effects = new ArrayList<>();
		this.context.time().set(now, steady);
		if (!(command instanceof Command.Tick)) {
			this.retention.changed();
		}
		if (command instanceof Command.Producing producing) {
			this.subscriptions.note(producing);
			this.publishing.handle(admit(producing));
		}
		else if (command instanceof Command.OfConsumer ofConsumer) {
			this.subscriptions.handle(ofConsumer);
		}
		else if (command instanceof Command.ChangeSubscription change) {
			this.subscriptions.handle(change);
		}
		else if (command instanceof Outcome.OfPublishing outcome) {
			this.publishing.handle(outcome);
		}
		else if (command instanceof Outcome.OfSchedule outcome) {
			this.schedule.handle(outcome);
		}
		else if (command instanceof Outcome.OfSubscription outcome) {
			this.subscriptions.handle(outcome);
		}
		else if (command instanceof Outcome.Failed failed) {
			storageFailed(failed.effect(), failed.failure());
		}
		else if (command instanceof Outcome.Trimmed trimmed) {
			this.trimming.trimmed(trimmed.first());
		}
		else if (command instanceof Outcome.NewestFound found) {
			newestFound(found);
		}
		else if (command instanceof Outcome.ExtentFound found) {
			extentFound(found);
		}
		else if (command instanceof Outcome.OfCompaction outcome) {
			this.retention.handle(outcome);
		}
		else if (command instanceof Command.Trim trim) {
			this.trimming.trim(trim);
		}
		else if (command instanceof Browse browse) {
			this.subscriptions.handle(browse);
		}
		else if (command instanceof NoteReplayed note) {
			this.subscriptions.handle(note);
		}
		else if (command instanceof Command.SkipDamaged skip) {
			this.skipping.skip(skip);
		}
		else if (command instanceof Outcome.DamagedRemoved removed) {
			this.skipping.removed(removed);
		}
		else if (command instanceof Command.SessionEnded ended) {
			this.publishing.sessionEnded(ended.session());
			this.subscriptions.sessionEnded(ended.session());
		}
		else if (command instanceof Command.Settle settle) {
			this.context.done(settle.replyTo());
		}
		else if (command instanceof Command.LogLost lost) {
			this.publishing.logLost(lost.failure());
			this.schedule.logLost(lost.failure());
			this.subscriptions.logLost(lost.failure());
			this.trimming.logLost(lost.failure());
			this.retention.logLost();
		}
		else if (command instanceof Command.PoliciesChanged changed) {
			this.context.policies().set(changed.policies());
			this.retention.policiesChanged();
			this.quota.policiesChanged();
			this.subscriptions.tick();
			this.idleness.policiesChanged();
		}
		else if (command instanceof Command.Opened opened) {
			this.context.policies().set(opened.policies());
			this.retention.policiesChanged();
			this.publishing.opened(opened.before());
			this.subscriptions.recover(this.recovered);
			this.subscriptions.tick();
			this.schedule.look();
			this.idleness.opened(opened.before());
			if (this.context.topic().first().isAfter(Position.BEFORE_FIRST.after())) {
				emit(new Storing.FindExtent(this.context.topic().first().before()));
			}
		}
		else if (command instanceof Command.Tick) {
			this.context.time().ticked();
			this.publishing.tick();
			this.schedule.look();
			this.subscriptions.tick();
			this.retention.tick();
			this.quota.tick();
			this.idleness.tick(this.context.time().wakeAt());
		}
		if (!(command instanceof Command.Tick)) {
			this.quota.changed();
			this.idleness.changed();
		}
		return this.effects;
	}

	/** What is to become of a batch: the topic may have too large a backlog. */
	private Command.Producing admit(Command.Producing command) {
		if (command instanceof Command.Publish publish) {
			StorageFailure refusal = this.quota.refusal(publish.batch().readableBytes());
			if (refusal != null) {
				publish.release();
				return publish.refused(refusal);
			}
		}
		return command;
	}

	private void newestFound(Outcome.NewestFound found) {
		switch (found.purpose()) {
			case RETENTION -> this.retention.found(found.position());
			case QUOTA -> this.quota.found(found.position());
		}
	}

	private void extentFound(Outcome.ExtentFound found) {
		if (found.position().equals(this.context.topic().first().before())) {
			this.context.topic().trimmed(found.extent());
		}
		this.quota.found(found.position(), found.extent());
	}

	private void storageFailed(Storing.Asking<?> effect, StorageFailure failure) {
		if (effect instanceof Storing.Append append) {
			this.publishing.appendFailed(append.append(), failure);
		}
		else if (effect instanceof Scheduling.Delay delay) {
			this.publishing.appendFailed(delay.append(), failure);
		}
		else if (effect instanceof Scheduling ofSchedule) {
			this.schedule.failed(ofSchedule, failure);
		}
		else if (effect instanceof Storing.StoreEpochs store) {
			this.publishing.epochsFailed(store, failure);
		}
		else if (effect instanceof RemoveDamaged remove) {
			this.skipping.failed(remove, failure);
		}
		else if (effect instanceof Storing.Trim) {
			this.trimming.failed(failure);
			this.quota.failed(effect);
		}
		else if (effect instanceof Compacting<?> compacting) {
			this.retention.failed(compacting, failure);
		}
		else if (effect instanceof Storing.FindNewest find && find.purpose() == KeptFor.RETENTION) {
			this.retention.failed();
		}
		else if (effect instanceof Storing.FindNewest || effect instanceof Storing.FindExtent) {
			this.quota.failed(effect);
		}
		else if (effect instanceof Storing.OfSubscription<?> ofSubscription) {
			this.subscriptions.storageFailed(ofSubscription, failure);
		}
	}

	/**
	 * Hands over what is to be done though the last command failed: what it had decided
	 * before.
	 * @return the effects, in order; their buffers are the caller's
	 */
	public List<Effect> takeDecided() {
		List<Effect> decided = this.effects;
		// An idle topic keeps nothing of its last command.
		this.effects = List.of();
		return decided;
	}

	/**
	 * Whether the topic may be deleted now.
	 * @param when when it is to be
	 * @return why not, as it goes on after "topic x", or {@code null}
	 */
	public @Nullable String refusal(DeleteWhen when) {
		return this.idleness.refusal(when);
	}

	/**
	 * What goes on in the topic.
	 * @return a snapshot
	 */
	public TopicSnapshot snapshot() {
		TopicSnapshot.Space space = new TopicSnapshot.Space(this.context.topic().bytes(), this.quota.bytes(),
				this.quota.refused(), this.quota.dropped(), this.retention.compaction());
		return new TopicSnapshot(this.context.topic().name().name(), this.context.policies().present(),
				this.context.topic().snapshot(), space, this.schedule.size(), this.publishing.snapshot(),
				this.subscriptions.snapshot());
	}

	/** Releases what is held; no command may follow. */
	public void close() {
		this.publishing.close();
		this.schedule.close();
		this.subscriptions.close();
		this.retention.logLost();
		this.context.topic().close();
	}

	private void emit(Effect effect) {
		this.effects.add(effect);
	}

	private void stored(Position position, int count, int bytes) {
		this.context.topic().stored(position, count, bytes);
		this.subscriptions.entryStored();
		this.retention.stored(bytes);
		this.idleness.stored();
	}

}
