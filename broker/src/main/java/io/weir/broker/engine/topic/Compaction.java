package io.weir.broker.engine.topic;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.KeySearch;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.SupersededRuns.Run;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.context.TopicProgress;
import io.weir.broker.engine.subscription.Subscriptions;
import io.weir.wire.Position;

/**
 * Takes entries out of the log of which each message has a later one with its key, as far
 * as retention would give them up. It goes through the log when that has doubled, a page
 * at a time and with a pause after each; of all topics of an engine one does so at a
 * time. Nothing of it is stored: after a restart it goes through the log again, and finds
 * what it had not taken out.
 */
final class Compaction {

	/** Fewer new messages are not worth going through the log. */
	static final long MIN_MESSAGES = 1000;

	/** After so long any are, and so are tombstones. */
	static final long LONGEST_MILLIS = 86_400_000;

	/** How long a tombstone stays for whoever reads. */
	static final long TOMBSTONE_MILLIS = 86_400_000;

	/** After each page. */
	static final long PAUSE_MILLIS = 50;

	/** How long to wait for another topic. */
	static final long TURN_MILLIS = 1000;

	/** How long to wait after something has failed. */
	static final long RETRY_MILLIS = 600_000;

	private final Trimming trimming;

	private final Subscriptions subscriptions;

	private final TopicContext context;

	private final CompactionFigures figures = new CompactionFigures();

	private @Nullable CompactionPass pass;

	/** What is being taken out of the log. */
	private List<Run> removing = List.of();

	/** What stands before may go, as far as nobody has said otherwise since. */
	private @Nullable Position before;

	private Position withoutKeyBefore = Position.BEFORE_FIRST;

	/** How many messages the log had when it was gone through, or -1. */
	private long passedOrdinal = -1;

	private long kept;

	private boolean tombstones;

	private long passedAt;

	private long notBefore = Long.MIN_VALUE;

	private boolean lost;

	Compaction(Trimming trimming, Subscriptions subscriptions, TopicContext context) {
		this.trimming = trimming;
		this.subscriptions = subscriptions;
		this.context = context;
	}

	/**
	 * Something has happened, some time ago.
	 * @param before what may go stands before this position
	 * @param withoutKeyBefore and before this one, if it has no key
	 */
	void look(Position before, Position withoutKeyBefore) {
		this.before = before;
		this.withoutKeyBefore = withoutKeyBefore;
		removeNext();
		step();
	}

	/** What may go is said again. */
	void policiesChanged() {
		this.before = null;
		if (!this.context.policies().present().compaction()) {
			end();
			topic().nothingSuperseded();
			this.passedOrdinal = -1;
		}
	}

	void tick() {
		step();
	}

	/** Does what it is time for, and asks to be woken for the next. */
	private void step() {
		if (this.lost || this.before == null) {
			return;
		}
		if (this.pass == null && due() <= steady()) {
			begin();
		}
		CompactionPass present = this.pass;
		if (present != null && present.notBefore() <= steady()) {
			this.context.out().accept(present.read());
		}
		long next = (present != null) ? present.notBefore() : due();
		if (next < Long.MAX_VALUE) {
			this.context.time().wakeAtSteady(next);
		}
	}

	/** When the log is to be gone through. */
	private long due() {
		long added = topic().nextOrdinal() - this.passedOrdinal;
		if (this.passedOrdinal < 0 || added >= Math.max(MIN_MESSAGES, this.kept)) {
			return this.notBefore;
		}
		return (added > 0 || this.tombstones) ? Math.max(this.notBefore, this.passedAt + LONGEST_MILLIS)
				: Long.MAX_VALUE;
	}

	private void begin() {
		if (!topic().lastStored().isAfter(topic().first())) {
			topic().goneKnown(0);
			passed(topic().nextOrdinal(), 0, false);
		}
		else if (!this.removing.isEmpty() || !this.context.engine().compactions().tryTake(1)) {
			this.notBefore = steady() + TURN_MILLIS;
		}
		else {
			KeySearch search = new KeySearch(topic().lastStored(), this.withoutKeyBefore,
					this.context.time().now() - TOMBSTONE_MILLIS, KeySearch.MAX_KEYS, topic().trimmed().bytes());
			this.pass = new CompactionPass(search, topic().first(), topic().nextOrdinal(), steady());
		}
	}

	private void passed(long ordinal, long kept, boolean tombstones) {
		this.passedOrdinal = ordinal;
		this.kept = kept;
		this.tombstones = tombstones;
		this.passedAt = steady();
	}

	void handle(Outcome.OfCompaction outcome) {
		if (outcome instanceof Outcome.SupersededRemoved removed) {
			removed(removed);
		}
		else if (outcome instanceof Outcome.KeysRead read && this.pass != null && this.pass.is(read.search())) {
			read.page().found().forEach(topic().superseded()::add);
			this.pass.read(read.page(), steady() + PAUSE_MILLIS);
		}
		removeNext();
		goOn();
		step();
	}

	/** What was found is gone, as far as it may go now. */
	private void goOn() {
		CompactionPass present = this.pass;
		if (present == null || !present.isSearched() || !this.removing.isEmpty()) {
			return;
		}
		if (present.search().goesOn()) {
			present.again(topic().first(), steady() + PAUSE_MILLIS);
		}
		else {
			KeySearch search = present.search();
			passed(present.ordinal(), search.keptMessages(), search.leavesTombstones());
			topic().goneKnown(search.bytesGone() + present.bytesRemoved());
			this.context.out().accept(this.figures.passed(present, this.context));
			end();
		}
	}

	/** Has the first of what may go taken out, one write at a time. */
	private void removeNext() {
		if (this.lost || this.before == null || !this.removing.isEmpty() || this.trimming.isUnderWay()) {
			return;
		}
		Position limit = this.subscriptions.keep(this.before);
		if (this.pass != null && limit.isAfter(this.pass.next())) {
			limit = this.pass.next();
		}
		this.removing = topic().superseded().take(limit);
		if (!this.removing.isEmpty()) {
			Set<Position> entries = new HashSet<>();
			this.removing.forEach((run) -> entries.addAll(run.positions()));
			topic().removing(this.removing.get(0).first(), this.removing.get(this.removing.size() - 1).last());
			this.context.out().accept(new Compacting.RemoveSuperseded(entries));
		}
	}

	private void removed(Outcome.SupersededRemoved removed) {
		long bytes = this.removing.stream().mapToLong(Run::bytes).sum();
		long messages = this.removing.stream().mapToLong(Run::messages).sum();
		this.removing = List.of();
		topic().removed();
		topic().gone(topic().gone() + bytes);
		if (this.pass != null) {
			this.pass.removed(messages, bytes);
		}
		this.figures.removed(messages, bytes);
		this.context.figures().compacted(messages);
		this.subscriptions.removed(removed.entries());
	}

	/** It is tried again, some time. */
	void failed(Compacting<?> effect, StorageFailure failure) {
		if (effect instanceof Compacting.RemoveSuperseded) {
			topic().removed();
			this.removing.forEach(topic().superseded()::putBack);
			this.removing = List.of();
		}
		else if (effect instanceof Compacting.ReadKeys read && (this.pass == null || !this.pass.is(read.search()))) {
			return;
		}
		this.notBefore = steady() + RETRY_MILLIS;
		this.figures.failed(failure);
		end();
		step();
	}

	/** Goes no further; what is with the store has its outcome yet. */
	void end() {
		if (this.pass != null) {
			this.pass = null;
			this.context.engine().compactions().giveBack(1);
		}
	}

	/** What is with the store has its outcome yet; nothing more is asked. */
	void logLost() {
		this.lost = true;
		end();
	}

	TopicSnapshot.Compaction snapshot() {
		return this.figures.snapshot(this.pass != null);
	}

	private long steady() {
		return this.context.time().steady();
	}

	private TopicProgress topic() {
		return this.context.topic();
	}

}
