package io.weir.broker.engine.dispatch;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.Sparse;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.context.TopicProgress;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.message.MessageId;
import io.weir.wire.Position;

/**
 * What a subscription has still to deliver, from one cursor on: which entries wait, which
 * of them are at hand, and how many messages there are.
 */
public final class Backlog {

	private static final int READ_ENTRIES = 1000;

	private static final long UNKNOWN = -1;

	private final SubscriptionId subscription;

	private final TopicContext context;

	private final AckLedger ledger;

	/** Where keys matter. */
	private final @Nullable KeySlots slots;

	/** The pending entries with something to be delivered. */
	private NavigableMap<Position, PendingEntry> waiting = Collections.emptyNavigableMap();

	/** How many messages the waiting entries have. */
	private long waitingMessages;

	private final ReadAhead readAhead = new ReadAhead();

	private final PendingShare share;

	private @Nullable CompactedView view;

	private final Redeliveries redeliveries;

	private final Expiry expiry;

	private Storing.@Nullable Read reading;

	/** Entries that are being read and will be pending, if there are so many. */
	private int expected;

	/** How many messages the log has up to what is settled. */
	private long readOrdinal = UNKNOWN;

	Backlog(SubscriptionId subscription, Cursor cursor, @Nullable KeySlots slots, SlowStart slowStart,
			TopicContext context) {
		this.subscription = subscription;
		this.context = context;
		this.slots = slots;
		this.ledger = new AckLedger(cursor, topic().first());
		this.share = new PendingShare(context.budgets());
		this.redeliveries = new Redeliveries(subscription, cursor.type(), this, slowStart, context);
		this.expiry = new Expiry(subscription, this, context);
		findOrdinal();
	}

	private TopicProgress topic() {
		return this.context.topic();
	}

	public AckLedger ledger() {
		return this.ledger;
	}

	/** What becomes of what was delivered in vain. */
	public Redeliveries redeliveries() {
		return this.redeliveries;
	}

	/** How many keys are held back, until a message of theirs is delivered again. */
	public int parkedKeys() {
		return (this.slots != null) ? this.slots.parked() : 0;
	}

	/** Which messages are not delivered any more, and what becomes of those. */
	public Expiry expiry() {
		return this.expiry;
	}

	/** What is read says it as well, and may have done so meanwhile. */
	public void ordinalFound(Outcome.OrdinalFound found) {
		if (found.position().equals(this.ledger.settledUpTo())) {
			this.readOrdinal = found.ordinal();
		}
	}

	public void acknowledge(MessageId id) {
		this.ledger.acknowledge(id, topic().lastStored());
		forgetUnlessWaiting(Position.of(id));
	}

	public boolean isCompacted() {
		return this.view != null;
	}

	/** Passes over what has later messages of its keys, or does so no more. */
	public void compacted(boolean wanted) {
		this.view = wanted ? new CompactedView(this.ledger, topic()) : null;
	}

	/** Acknowledges a message and all before it, also those that were never read. */
	public void acknowledgeUpTo(MessageId id) {
		Position settledBefore = this.ledger.settledUpTo();
		this.ledger.acknowledgeUpTo(id, topic().lastStored());
		if (this.ledger.settledUpTo().isAfter(settledBefore)) {
			findOrdinal();
		}
		List.copyOf(this.waiting.headMap(Position.of(id), true).keySet()).forEach(this::forgetUnlessWaiting);
	}

	/** The beginning of the log is gone: passes over it, read or not. */
	public void trimmed() {
		Position last = topic().first().before();
		boolean unread = last.isAfter(this.ledger.settledUpTo());
		this.ledger.passOver(last);
		this.redeliveries.trimmed(topic().first());
		List.copyOf(this.waiting.headMap(last, true).keySet()).forEach(this::forgetUnlessWaiting);
		if (unread) {
			findOrdinal();
		}
	}

	/** The first entry with something to be delivered, of those that were read. */
	@Nullable PendingEntry firstWaiting() {
		return firstAlive(this.waiting.firstEntry());
	}

	/** The first such entry after a position. */
	@Nullable PendingEntry firstWaitingAfter(Position position) {
		return firstAlive(this.waiting.higherEntry(position));
	}

	/** Acknowledges what has expired, up to an entry with something that has not. */
	private @Nullable PendingEntry firstAlive(Map.@Nullable Entry<Position, PendingEntry> first) {
		Map.Entry<Position, PendingEntry> next = first;
		while (next != null && !this.expiry.isAlive(next.getValue())) {
			next = this.waiting.higherEntry(next.getKey());
		}
		return (next != null) ? next.getValue() : null;
	}

	/** The entries before a position with something to be delivered. */
	List<PendingEntry> waitingBefore(Position position) {
		return List.copyOf(this.waiting.headMap(position, false).values());
	}

	/**
	 * Passes over what was not read, up to an entry up to which the log has so many
	 * messages; says how many that were, as far as it is known.
	 */
	long passOver(Position last, long ordinal) {
		if (!last.isAfter(this.ledger.readUpTo())) {
			return 0;
		}
		boolean beyond = last.isAfter(this.ledger.settledUpTo());
		long holes = this.ledger.unacknowledged();
		long acknowledged = this.ledger.unreadAcknowledged();
		this.ledger.skip(last);
		holes -= this.ledger.unacknowledged();
		acknowledged -= this.ledger.unreadAcknowledged();
		long unread = (beyond && this.readOrdinal != UNKNOWN) ? ordinal - this.readOrdinal - acknowledged : 0;
		if (beyond) {
			findOrdinal();
		}
		return Math.max(0, holes + unread);
	}

	/** Whether all up to an entry was delivered that is to be. */
	public boolean isDeliveredUpTo(Position position) {
		return !position.isAfter(this.ledger.readUpTo())
				&& (this.waiting.isEmpty() || this.waiting.firstKey().isAfter(position));
	}

	int waitingEntries() {
		return this.waiting.size();
	}

	/** How many messages the entries have of which some wait. */
	long waitingMessages() {
		return this.waitingMessages;
	}

	/** Takes the bytes of an entry, which the caller releases, if they are at hand. */
	public @Nullable Entry take(PendingEntry entry) {
		return this.readAhead.take(entry.position());
	}

	/** Messages of an entry go out; keeps its bytes too if it has more of them. */
	public void delivered(PendingEntry pending, Entry entry) {
		if (pending.isWaiting()) {
			keep(entry.retain());
		}
		else {
			removeWaiting(entry.position());
		}
	}

	/** Has an entry read again whose bytes were let go, and those behind it. */
	void readAgain(PendingEntry entry) {
		read(entry.position(), this.waiting.size());
	}

	/** Has what comes next in the log read, if there is more; one read at a time. */
	void readOn() {
		Position next = (this.view != null) ? this.view.nextToRead() : this.ledger.nextToRead();
		if (!next.isAfter(topic().lastStored())) {
			int room = (this.reading == null) ? this.share.room() : 0;
			if (room > 0) {
				this.expected = Math.min(READ_ENTRIES, room);
				read(next, this.expected);
				countPending();
			}
		}
	}

	public boolean isReading() {
		return this.reading != null;
	}

	private void read(Position from, int entries) {
		if (this.reading == null) {
			this.reading = new Storing.Read(this.subscription, from, Math.min(READ_ENTRIES, entries),
					ReadAhead.MAX_BYTES);
			this.context.out().accept(this.reading);
		}
	}

	/**
	 * Takes what was read, if somebody is there to have it.
	 * @return what is wrong with the log, or {@code null}
	 */
	public @Nullable String entriesRead(List<Entry> entries, boolean wanted) {
		Storing.Read read = Objects.requireNonNull(this.reading, "Nothing is being read");
		this.reading = null;
		this.expected = 0;
		if (!wanted && !this.expiry.isReading()) {
			entries.forEach(Entry::release);
			return null;
		}
		boolean first = entries.stream().anyMatch((entry) -> !entry.position().isAfter(read.from()));
		boolean missing = !first && !topic().mayBeGone(read.from())
				&& (this.waiting.containsKey(read.from()) || entries.isEmpty());
		take(entries);
		this.expiry.readOn();
		if (!wanted) {
			release();
		}
		return missing ? "The log of topic " + topic().name() + " has no entry at " + read.from() : null;
	}

	public void readFailed() {
		this.reading = null;
		this.expected = 0;
		countPending();
	}

	private void take(List<Entry> entries) {
		int taken = 0;
		try {
			for (Entry entry : entries) {
				take(entry);
				taken++;
			}
		}
		finally {
			entries.subList(taken, entries.size()).forEach(Entry::release);
		}
	}

	/** If that fails for want of memory, nothing has changed. */
	private void take(Entry entry) {
		Position position = entry.position();
		if (position.isAfter(this.ledger.readUpTo()) && (this.view == null || !this.view.passesOver(position))) {
			EntryKeys keys = (this.slots != null) ? this.slots.of(entry.header().index()) : null;
			PendingEntry read = this.ledger.read(entry);
			if (this.ledger.settledUpTo().equals(position)) {
				this.readOrdinal = entry.header().nextOrdinal();
			}
			if (read != null) {
				read.assign(keys);
				addWaiting(read);
				if (this.ledger.isCounted(read)) {
					this.redeliveries.read(read);
				}
			}
		}
		if (this.waiting.containsKey(position)) {
			keep(entry);
		}
		else {
			entry.release();
		}
	}

	/** Where keys matter, nothing is let go before it was looked at. */
	private void keep(Entry entry) {
		if (this.slots != null) {
			this.readAhead.keep(entry);
		}
		else {
			this.readAhead.add(entry);
		}
	}

	/** Lets bytes go of entries that wait and were looked at, but for a few. */
	public void trim() {
		this.readAhead.trim();
	}

	/** Nobody is there to have messages: lets go what is at hand for them. */
	public void release() {
		this.readAhead.clear();
		if (this.slots != null) {
			this.slots.release();
		}
	}

	/** Counts what is pending, after it may have changed. */
	public void countPending() {
		this.share.use(this.ledger.pendingEntries() + this.expected);
	}

	/** Nothing is pending any more: the backlog is not used again. */
	public void end() {
		release();
		this.expected = 0;
		this.share.use(0);
	}

	/** How many messages are stored and not acknowledged. */
	public long messages() {
		long unread = (this.readOrdinal != UNKNOWN)
				? topic().nextOrdinal() - this.readOrdinal - this.ledger.unreadAcknowledged() : 0;
		return Math.max(0, unread) + this.ledger.unacknowledged();
	}

	/** Lets go of an entry of which nothing can be delivered. */
	void forgetUnlessWaiting(Position position) {
		PendingEntry entry = this.ledger.find(position);
		if (entry == null || !entry.isWaiting()) {
			removeWaiting(position);
			this.readAhead.drop(position);
		}
	}

	/** Something of an entry can be delivered. */
	void addWaiting(PendingEntry entry) {
		if (!this.waiting.containsKey(entry.position())) {
			this.waiting = Sparse.with(this.waiting, entry.position(), entry);
			this.waitingMessages += entry.count();
		}
	}

	private void removeWaiting(Position position) {
		PendingEntry removed = this.waiting.get(position);
		this.waiting = Sparse.without(this.waiting, position);
		this.waitingMessages -= (removed != null) ? removed.count() : 0;
	}

	/** Where nothing was read: until the ordinal is found what was known counts. */
	private void findOrdinal() {
		Position settledUpTo = this.ledger.settledUpTo();
		if (topic().lastStored().isAfter(settledUpTo)) {
			this.context.out().accept(new Storing.FindOrdinal(this.subscription, settledUpTo));
		}
		else {
			this.readOrdinal = topic().nextOrdinal();
		}
	}

}
