package io.weir.broker.engine.dispatch;

import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.context.Sparse;
import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.Entry;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.Limits;
import io.weir.wire.Position;

/**
 * What a subscription has acknowledged, completely, however many holes there are. Up to
 * the position read, everything is acknowledged but the pending entries. Up to that which
 * an earlier life of the broker had come to, everything but the holes that it left, which
 * are read again; beyond both, nothing but what that life delivered.
 */
public final class AckLedger {

	private NavigableMap<Position, PendingEntry> pending = Collections.emptyNavigableMap();

	/** What an earlier life knew of entries that were not read since. */
	private NavigableMap<Position, PartialEntry> unread;

	/**
	 * How often messages were delivered in vain, as an earlier life of the broker says.
	 */
	private NavigableMap<Position, RedeliveryCounts> unreadCounts;

	/** The pending entries of which counts are stored, or will be. */
	private NavigableSet<Position> counted = Collections.emptyNavigableSet();

	private final UnstoredChanges changes;

	/** Up to here, what was not read is acknowledged unless it is known as a hole. */
	private final Position holesUpTo;

	private Position readUpTo;

	/** Messages of the pending entries, and of the holes. */
	private long unacknowledged;

	/** Messages beyond the position settled. */
	private long unreadAcknowledged;

	/** Begins at a cursor, or at the first entry of the log if that comes later. */
	AckLedger(Cursor cursor, Position first) {
		this.readUpTo = later(cursor.acknowledgedUpTo(), first.before());
		this.holesUpTo = cursor.holesUpTo();
		this.changes = new UnstoredChanges(cursor);
		this.unread = copy(cursor.entries().tailMap(this.readUpTo, false));
		this.unread.forEach((position, entry) -> count(position, entry, 1));
		// The log was trimmed since they were stored.
		this.changes.addAll(cursor.entries().headMap(this.readUpTo, true).keySet());
		this.unreadCounts = copy(cursor.redeliveries().tailMap(this.readUpTo, false));
	}

	private static <T> NavigableMap<Position, T> copy(NavigableMap<Position, T> stored) {
		return stored.isEmpty() ? Collections.emptyNavigableMap() : new TreeMap<>(stored);
	}

	/** Counts what is known of an entry that was not read, or no longer does. */
	private void count(Position position, PartialEntry entry, long sign) {
		if (position.isAfter(this.holesUpTo)) {
			this.unreadAcknowledged += sign * entry.acknowledged().cardinality();
		}
		else {
			this.unacknowledged += sign * entry.unacknowledged();
		}
	}

	/** Everything up to here is acknowledged. */
	public Position acknowledgedUpTo() {
		if (!this.pending.isEmpty()) {
			return this.pending.firstKey().before();
		}
		Position hole = firstHole();
		return (hole != null) ? hole.before() : settledUpTo();
	}

	/** The first hole that was not read. */
	private @Nullable Position firstHole() {
		boolean none = this.unread.isEmpty() || this.unread.firstKey().isAfter(this.holesUpTo);
		return none ? null : this.unread.firstKey();
	}

	/** Up to here everything is acknowledged but the pending entries and the holes. */
	Position settledUpTo() {
		return later(this.readUpTo, this.holesUpTo);
	}

	/** Where reading goes on: what is acknowledged between the holes is left out. */
	Position nextToRead() {
		Position hole = firstHole();
		return (hole != null) ? hole : settledUpTo().after();
	}

	Position readUpTo() {
		return this.readUpTo;
	}

	public Collection<PendingEntry> pending() {
		return this.pending.values();
	}

	int pendingEntries() {
		return this.pending.size();
	}

	public @Nullable PendingEntry find(Position position) {
		return this.pending.get(position);
	}

	/**
	 * The next entry was read.
	 * @return what is to be delivered of it, or {@code null} if nothing
	 */
	public @Nullable PendingEntry read(Entry entry) {
		Position position = entry.position();
		if (!position.isAfter(this.readUpTo)) {
			throw new IllegalArgumentException("Entry " + position + " was read before");
		}
		leaveUnread(position.before());
		this.readUpTo = position;
		PartialEntry known = this.unread.get(position);
		this.unread = Sparse.without(this.unread, position);
		RedeliveryCounts counts = this.unreadCounts.get(position);
		this.unreadCounts = Sparse.without(this.unreadCounts, position);
		if (known == null && !position.isAfter(this.holesUpTo)) {
			return null;
		}
		if (known != null) {
			count(position, known, -1);
		}
		PendingEntry read = new PendingEntry(entry, (known != null) ? known.acknowledged() : new BitSet(),
				(counts != null) ? counts : RedeliveryCounts.NONE);
		if (read.isComplete()) {
			this.changes.add(position);
			return null;
		}
		if (counts != null) {
			this.counted = Sparse.with(this.counted, position);
		}
		this.pending = Sparse.with(this.pending, position, read);
		this.unacknowledged += read.unacknowledged();
		return read;
	}

	/** Entries are gone, or passed over. */
	private void leaveUnread(Position last) {
		NavigableMap<Position, PartialEntry> left = this.unread.headMap(last, true);
		if (!left.isEmpty()) {
			left.forEach((position, entry) -> count(position, entry, -1));
			this.changes.addAll(left.keySet());
			left.clear();
		}
		if (!this.unreadCounts.isEmpty()) {
			this.unreadCounts.headMap(last, true).clear();
		}
	}

	/** Acknowledges a message, also one that only an earlier life of the broker read. */
	public void acknowledge(MessageId id, Position lastStored) {
		acknowledge(Position.of(id), MessageIds.index(id), lastStored);
	}

	private void acknowledge(Position position, int index, Position lastStored) {
		if (!position.isAfter(this.readUpTo)) {
			PendingEntry entry = this.pending.get(position);
			if (entry != null && entry.acknowledge(index)) {
				this.unacknowledged--;
				this.changes.add(position);
				if (entry.isComplete()) {
					this.pending = Sparse.without(this.pending, position);
					if (this.counted.contains(position)) {
						this.counted = Sparse.without(this.counted, position);
						this.changes.counted(position);
					}
				}
			}
		}
		else if (!position.isAfter(lastStored) && index < Limits.MAX_BATCH_MESSAGES) {
			acknowledgeUnread(position, index);
		}
	}

	private void acknowledgeUnread(Position position, int index) {
		boolean beyond = position.isAfter(this.holesUpTo);
		PartialEntry known = this.unread.get(position);
		boolean done = (known != null) ? known.acknowledged().get(index) || (!beyond && index >= known.messages())
				: !beyond;
		if (done) {
			return;
		}
		BitSet acknowledged = (known != null) ? (BitSet) known.acknowledged().clone() : new BitSet();
		acknowledged.set(index);
		PartialEntry left = new PartialEntry((known != null) ? known.messages() : 0, acknowledged);
		this.unreadAcknowledged += beyond ? 1 : 0;
		this.unacknowledged -= beyond ? 0 : 1;
		this.changes.add(position);
		if (!beyond && left.unacknowledged() == 0) {
			this.unread = Sparse.without(this.unread, position);
		}
		else {
			this.unread = Sparse.with(this.unread, position, left);
		}
	}

	/** Whether an entry is needed next, the first time or again. */
	public boolean isToBeRead(Position position) {
		PendingEntry read = this.pending.get(position);
		return nextToRead().equals(position) || (read != null && read.isWaiting());
	}

	/**
	 * The messages of an entry.
	 * @param count how many it has, as far as others know
	 * @return their indexes
	 */
	public IntStream messages(Position position, int count) {
		PendingEntry read = this.pending.get(position);
		PartialEntry known = this.unread.get(position);
		int holes = (known != null) ? known.messages() : 0;
		return IntStream.range(0, (read != null) ? read.count() : Math.max(holes, count));
	}

	/**
	 * Acknowledges a message and all before it, but those that are to become dead
	 * letters. What was not read is passed over, to the entry of the message.
	 */
	public void acknowledgeUpTo(MessageId id, Position lastStored) {
		Position position = Position.of(id);
		passOver(position.isAfter(lastStored) ? lastStored : position.before(), PendingEntry::acknowledgeAlive);
		PendingEntry entry = this.pending.get(position);
		int last = Math.min(MessageIds.index(id), Limits.MAX_BATCH_MESSAGES - 1);
		for (int index = 0; index <= last; index++) {
			if (entry == null || !entry.isDead(index)) {
				acknowledge(position, index, lastStored);
			}
		}
	}

	/** Everything up to an entry counts as acknowledged, read or not. */
	public void passOver(Position last) {
		passOver(last, PendingEntry::acknowledgeAll);
	}

	private void passOver(Position last, Consumer<PendingEntry> acknowledge) {
		if (!this.pending.isEmpty()) {
			this.pending.headMap(last, true).values().removeIf((entry) -> isPassed(entry, acknowledge));
			this.pending = Sparse.left(this.pending);
		}
		skip(last);
	}

	private boolean isPassed(PendingEntry entry, Consumer<PendingEntry> acknowledge) {
		this.unacknowledged -= entry.unacknowledged();
		acknowledge.accept(entry);
		this.unacknowledged += entry.unacknowledged();
		this.changes.add(entry.position());
		if (entry.isComplete()) {
			this.counted = Sparse.without(this.counted, entry.position());
		}
		return entry.isComplete();
	}

	/** What was not read, up to an entry, counts as acknowledged. */
	void skip(Position last) {
		if (last.isAfter(this.readUpTo)) {
			leaveUnread(last);
			this.readUpTo = last;
			this.changes.passedOver();
		}
	}

	/** Messages of an entry that is pending were delivered in vain. */
	void counted(PendingEntry entry) {
		this.counted = Sparse.with(this.counted, entry.position());
		this.changes.counted(entry.position());
	}

	/** Whether counts are known of an entry that is pending. */
	boolean isCounted(PendingEntry entry) {
		return this.counted.contains(entry.position());
	}

	/** How often messages of an entry were delivered in vain, if any may come again. */
	RedeliveryCounts counts(Position position) {
		PendingEntry entry = this.pending.get(position);
		return (entry != null) ? entry.counts() : RedeliveryCounts.NONE;
	}

	/**
	 * How often, at most, messages up to an entry were delivered in vain that were not
	 * read since the broker was started.
	 */
	int highestUnreadCount(Position last) {
		return this.unreadCounts.headMap(last, true)
			.values()
			.stream()
			.mapToInt(RedeliveryCounts::highest)
			.max()
			.orElse(0);
	}

	/** Whether all of an entry is acknowledged, and taken to be stored. */
	boolean isTaken(Position position) {
		return !position.isAfter(this.readUpTo) && !this.pending.containsKey(position)
				&& !this.changes.contains(position);
	}

	/** What has changed since it was stored. */
	public UnstoredChanges changes() {
		return this.changes;
	}

	/** Takes what has changed. */
	public CursorChange takeChanges() {
		return this.changes.take(this);
	}

	/** The pending entries after a position, up to another. */
	Map<Position, PartialEntry> pending(Position after, Position last) {
		Map<Position, PartialEntry> pending = new TreeMap<>();
		if (last.isAfter(after)) {
			this.pending.subMap(after, false, last, true)
				.forEach((position, entry) -> pending.put(position, partial(entry)));
		}
		return pending;
	}

	private static PartialEntry partial(PendingEntry entry) {
		return new PartialEntry(entry.count(), entry.acknowledged());
	}

	/** What is to be kept of an entry, or {@code null} if nothing. */
	@Nullable PartialEntry left(Position position) {
		PendingEntry entry = this.pending.get(position);
		return (entry != null) ? partial(entry) : this.unread.get(position);
	}

	/** How many messages beyond the position settled are acknowledged. */
	long unreadAcknowledged() {
		return this.unreadAcknowledged;
	}

	/** When the oldest message that is with a consumer was stored. */
	public @Nullable Long oldestDelivered() {
		for (PendingEntry entry : this.pending.values()) {
			if (entry.isDelivered()) {
				return entry.publishTime();
			}
		}
		return null;
	}

	/** When the oldest entry was stored that was read and is not acknowledged. */
	public @Nullable Long oldestPending() {
		return this.pending.isEmpty() ? null : this.pending.values().iterator().next().publishTime();
	}

	/** How many messages up to there are not. */
	public long unacknowledged() {
		return this.unacknowledged;
	}

	static Position later(Position one, Position other) {
		return other.isAfter(one) ? other : one;
	}

}
