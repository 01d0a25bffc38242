package io.weir.broker.engine.subscription;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Browse;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.ForwardNames;
import io.weir.broker.engine.NoteReplayed;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/**
 * Shows what a topic has, and which of it was replayed: stored as what a subscription has
 * acknowledged that has neither consumers nor a backlog, and is made when the first dead
 * letter comes, or something else is replayed the first time.
 */
final class Replayed {

	private final TopicContext context;

	private final ReplayedMessages messages;

	/** Each read is one of its own. */
	private final Map<SubscriptionId, Browse> reading = new HashMap<>(2);

	private final Deque<NoteReplayed> waiting = new ArrayDeque<>(1);

	private boolean creating;

	private boolean created;

	private @Nullable Write writing;

	private long reads;

	/** Takes up what was stored, if anything was. */
	Replayed(@Nullable Cursor cursor, TopicContext context) {
		this.context = context;
		this.created = cursor != null;
		this.messages = new ReplayedMessages(
				(cursor != null) ? cursor : Cursor.at(SubscriptionType.SHARED, Position.BEFORE_FIRST));
	}

	static boolean isMeant(SubscriptionId subscription) {
		return subscription.name().equals(ForwardNames.REPLAYED);
	}

	void browse(Browse browse) {
		SubscriptionId id = new SubscriptionId(ForwardNames.REPLAYED, ++this.reads);
		this.reading.put(id, browse);
		this.context.out().accept(new Storing.Read(id, browse.from(), browse.maxEntries(), browse.maxBytes()));
	}

	/** Has stored that nothing was replayed yet. */
	void begin() {
		if (!this.created && !this.creating) {
			this.creating = true;
			this.context.out()
				.accept(new Storing.CreateCursor(new SubscriptionId(ForwardNames.REPLAYED, 0), SubscriptionType.SHARED,
						Position.BEFORE_FIRST));
		}
	}

	/** Whether it is stored what was replayed. */
	boolean isStored() {
		return this.created;
	}

	void note(NoteReplayed note) {
		this.waiting.add(note);
		write();
	}

	/** One write at a time. */
	private void write() {
		NoteReplayed next = this.waiting.peek();
		if (this.writing != null || next == null) {
			return;
		}
		if (!this.created) {
			begin();
			return;
		}
		CursorChange change = this.messages.change(next.messages(), this.context.topic().first());
		this.writing = new Write(next, change);
		this.context.out()
			.accept(new Storing.StoreAcknowledgements(new SubscriptionId(ForwardNames.REPLAYED, 0), change));
	}

	void handle(Outcome.OfSubscription outcome) {
		if (outcome instanceof Outcome.EntriesRead read) {
			read(read);
		}
		else if (outcome instanceof Outcome.CursorCreated) {
			this.created = true;
			this.creating = false;
			write();
		}
		else if (outcome instanceof Outcome.AcknowledgementsStored) {
			Write stored = takeWriting();
			this.messages.stored(stored.change());
			this.context.done(stored.note().replyTo());
			write();
		}
	}

	private void read(Outcome.EntriesRead read) {
		Browse browse = this.reading.remove(read.subscription());
		if (browse == null) {
			read.release();
			return;
		}
		List<BitSet> replayed = read.entries()
			.stream()
			.map((entry) -> this.messages.of(entry.position(), entry.header().count()))
			.toList();
		this.context.out()
			.accept(new Effect.Browsed(browse.replyTo(), read.entries(), replayed, this.context.topic().lastStored()));
	}

	void failed(Storing.OfSubscription<?> effect, StorageFailure failure) {
		if (effect instanceof Storing.Read read) {
			Browse browse = this.reading.remove(read.subscription());
			if (browse != null) {
				refuse(browse.replyTo(), failure);
			}
		}
		else if (effect instanceof Storing.CreateCursor) {
			this.creating = false;
			if (!this.waiting.isEmpty()) {
				refuse(this.waiting.remove().replyTo(), failure);
			}
			write();
		}
		else {
			refuse(takeWriting().note().replyTo(), failure);
			write();
		}
	}

	private Write takeWriting() {
		Write written = Objects.requireNonNull(this.writing, "Nothing is being stored");
		this.writing = null;
		this.waiting.remove();
		return written;
	}

	/** What is being written has its outcome yet; nothing else has. */
	void logLost(StorageFailure failure) {
		this.reading.values().forEach((browse) -> refuse(browse.replyTo(), failure));
		this.reading.clear();
		while (this.waiting.size() > ((this.writing != null) ? 1 : 0)) {
			refuse(this.waiting.removeLast().replyTo(), failure);
		}
	}

	private void refuse(ReplyTo replyTo, StorageFailure failure) {
		this.context.out().accept(Effect.Refused.of(replyTo, failure));
	}

	/** The first entry of which not every message was replayed. */
	Position needed() {
		return this.messages.needed(this.context.topic().first());
	}

	/** The first in line is being stored. */
	private record Write(NoteReplayed note, CursorChange change) {
	}

}
