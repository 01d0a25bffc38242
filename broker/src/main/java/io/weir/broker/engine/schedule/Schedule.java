package io.weir.broker.engine.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.StoredListener;
import io.weir.broker.engine.context.Sparse;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.ScheduledPosition;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * Appends delayed messages to the topic's log when they are due, in that order, a page at
 * a time; between pages it knows when the next message is due, and nothing else of them.
 * A message is taken out of the schedule by the write that appends it. Nothing is
 * cancelled while a page is on its way, and no page is read while something is being
 * cancelled, so that one or the other happens to a message.
 */
public final class Schedule {

	private static final int PAGE_ENTRIES = 1000;

	private static final int PAGE_BYTES = 1024 * 1024;

	/** How long to wait after the store would not take or give anything. */
	private static final long RETRY_MILLIS = 1000;

	private final TopicContext context;

	private final StoredListener listener;

	/** What is being cancelled, and who asked. */
	private NavigableMap<Position, ReplyTo> cancelling = Collections.emptyNavigableMap();

	/** A list of its own as long as somebody waits. */
	private List<Command.CancelDelayed> waiting = List.of();

	/** No message is due before; never, if there is none. */
	private long nextDue;

	private long notBefore = Long.MIN_VALUE;

	/** Whether a page is being read, or appended. */
	private boolean releasing;

	/** How many messages of the page are not appended yet. */
	private int unappended;

	private boolean lost;

	private long size;

	/**
	 * Takes up what is stored.
	 * @param listener hears of what is appended
	 */
	public Schedule(ScheduleStore stored, TopicContext context, StoredListener listener) {
		this.nextDue = stored.firstDue();
		this.context = context;
		this.listener = listener;
		grow(stored.size());
	}

	/** How many messages are delayed. */
	public long size() {
		return this.size;
	}

	private void grow(long messages) {
		this.size += messages;
		this.context.figures().delayed(messages);
	}

	/** Sees to it that what is due is appended, now or when the time has come. */
	public void look() {
		if (this.releasing || this.lost) {
			return;
		}
		if (!isDue()) {
			this.context.time().wakeAt(dueAt());
			startCancelling();
		}
		else if (this.cancelling.isEmpty()) {
			this.releasing = true;
			this.nextDue = ScheduleStore.NEVER;
			this.context.out().accept(new Scheduling.ReadDue(this.context.time().now(), PAGE_ENTRIES, PAGE_BYTES));
		}
	}

	private long dueAt() {
		return Math.max(this.nextDue, this.notBefore);
	}

	private boolean isDue() {
		return dueAt() <= this.context.time().now();
	}

	/** A message was stored in the schedule. */
	public void scheduled(Position scheduled) {
		grow(1);
		expect(ScheduledPosition.due(scheduled));
		look();
	}

	private void expect(long due) {
		this.nextDue = Math.min(this.nextDue, due);
	}

	public void cancel(Command.CancelDelayed command) {
		if (ScheduledPosition.isScheduled(command.message())) {
			this.waiting = Sparse.with(this.waiting, command);
			look();
		}
		else {
			this.context.refuse(command, ErrorCode.NOT_FOUND, "No delayed message has the id of message "
					+ command.message() + "; the id that counts is the one that sending it returned");
		}
	}

	private void startCancelling() {
		List<Command.CancelDelayed> left = new ArrayList<>();
		for (Command.CancelDelayed next : this.waiting) {
			if (this.cancelling.containsKey(next.message())) {
				left.add(next);
			}
			else {
				this.cancelling = Sparse.with(this.cancelling, next.message(), next.replyTo());
				this.context.out().accept(new Scheduling.RemoveScheduled(next.message()));
			}
		}
		this.waiting = left.isEmpty() ? List.of() : left;
	}

	public void handle(Outcome.OfSchedule outcome) {
		if (outcome instanceof Outcome.DueRead read) {
			append(read);
		}
		else if (outcome instanceof Outcome.DueAppended appended) {
			grow(-1);
			this.listener.stored(appended.position(), appended.count(), appended.bytes());
			pageGoesOn();
		}
		else if (outcome instanceof Outcome.ScheduledRemoved removed) {
			cancelled(removed);
		}
		look();
	}

	private void append(Outcome.DueRead read) {
		expect(read.due().nextDue());
		this.unappended = read.due().entries().size();
		this.releasing = this.unappended > 0;
		for (Entry entry : read.due().entries()) {
			EntryHeader header = entry.header();
			this.context.out()
				.accept(new Scheduling.AppendDue(entry.position(), new EntryHeader(header.producerName(),
						header.firstSequence(), header.index(), this.context.time().now(), header.encoding()),
						entry.batch()));
		}
	}

	private void pageGoesOn() {
		this.unappended--;
		this.releasing = this.unappended > 0;
	}

	private void cancelled(Outcome.ScheduledRemoved removed) {
		ReplyTo replyTo = this.cancelling.get(removed.scheduled());
		this.cancelling = Sparse.without(this.cancelling, removed.scheduled());
		if (replyTo == null) {
			throw new IllegalStateException("Message " + removed.scheduled() + " was not being cancelled");
		}
		if (removed.wasThere()) {
			grow(-1);
			this.context.done(replyTo);
		}
		else {
			this.context.out()
				.accept(new Effect.Refused(replyTo, ErrorCode.NOT_FOUND, "Message " + removed.scheduled()
						+ " is not delayed any more: it was delivered, or cancelled before"));
		}
	}

	public void failed(Scheduling effect, StorageFailure failure) {
		if (effect instanceof Scheduling.RemoveScheduled remove) {
			ReplyTo replyTo = this.cancelling.get(remove.scheduled());
			this.cancelling = Sparse.without(this.cancelling, remove.scheduled());
			if (replyTo != null) {
				this.context.out().accept(Effect.Refused.of(replyTo, failure));
			}
		}
		else {
			this.notBefore = this.context.time().now() + RETRY_MILLIS;
			if (effect instanceof Scheduling.AppendDue append) {
				expect(ScheduledPosition.due(append.scheduled()));
				pageGoesOn();
			}
			else if (effect instanceof Scheduling.ReadDue read) {
				expect(read.upTo());
				this.releasing = false;
			}
		}
		look();
	}

	/** What is with the store has its outcome yet; nothing more is asked. */
	public void logLost(StorageFailure failure) {
		this.lost = true;
		this.waiting.forEach((each) -> this.context.out().accept(Effect.Refused.of(each.replyTo(), failure)));
		this.waiting = List.of();
	}

	/** The messages are no longer counted. */
	public void close() {
		grow(-this.size);
	}

}
