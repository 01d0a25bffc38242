package io.weir.broker.engine.dispatch;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.Limits;
import io.weir.wire.Position;

/**
 * What a subscription has acknowledged, completely, however many holes there are. Up to
 * the position read, everything is acknowledged but the pending entries; beyond it,
 * nothing but what an earlier life of the broker delivered.
 */
public final class AckLedger {

	private final NavigableMap<Position, PendingEntry> pending = new TreeMap<>();

	private final NavigableMap<Position, BitSet> unread = new TreeMap<>();

	/**
	 * How often messages were delivered in vain, as an earlier life of the broker says.
	 */
	private final NavigableMap<Position, RedeliveryCounts> unreadCounts = new TreeMap<>();

	/** The pending entries of which counts are stored, or will be. */
	private final Set<Position> counted = new HashSet<>();

	/** What was acknowledged since the last time that changes were taken. */
	private Changes changes = new Changes();

	private Position readUpTo;

	/** Messages of the pending entries. */
	private long unacknowledged;

	/** Messages beyond the position read. */
	private long unreadAcknowledged;

	/** Whether what was never read was passed over since then. */
	private boolean skipped;

	/** Begins at a cursor, or at the first entry of the log if that comes later. */
	AckLedger(Cursor cursor, Position first) {
		this.readUpTo = later(cursor.acknowledgedUpTo(), first.before());
		cursor.entries()
			.tailMap(this.readUpTo, false)
			.forEach((position, bits) -> this.unread.put(position, (BitSet) bits.clone()));
		this.unreadAcknowledged = cardinality(this.unread);
		this.unreadCounts.putAll(cursor.redeliveries().tailMap(this.readUpTo, false));
	}

	/** Everything up to here is acknowledged. */
	public Position acknowledgedUpTo() {
		return this.pending.isEmpty() ? this.readUpTo : this.pending.firstKey().before();
	}

	Position readUpTo() {
		return this.readUpTo;
	}

	public Collection<PendingEntry> pending() {
		return this.pending.values();
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
		this.readUpTo = position;
		BitSet acknowledged = this.unread.remove(position);
		this.unreadAcknowledged -= (acknowledged != null) ? acknowledged.cardinality() : 0;
		RedeliveryCounts counts = this.unreadCounts.remove(position);
		PendingEntry read = new PendingEntry(entry, (acknowledged != null) ? acknowledged : new BitSet(),
				(counts != null) ? counts : RedeliveryCounts.NONE);
		if (read.isComplete()) {
			return null;
		}
		if (counts != null) {
			this.counted.add(position);
		}
		this.pending.put(position, read);
		this.unacknowledged += read.unacknowledged();
		return read;
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
				this.changes.acknowledged.put(position, entry::acknowledged);
				if (entry.isComplete()) {
					this.pending.remove(position);
					if (this.counted.remove(position)) {
						this.changes.counts.put(position, () -> RedeliveryCounts.NONE);
					}
				}
			}
		}
		else if (!position.isAfter(lastStored) && index < Limits.MAX_BATCH_MESSAGES) {
			BitSet acknowledged = this.unread.computeIfAbsent(position, (key) -> new BitSet());
			this.unreadAcknowledged += acknowledged.get(index) ? 0 : 1;
			acknowledged.set(index);
			this.changes.acknowledged.put(position, () -> (BitSet) acknowledged.clone());
		}
	}

	/**
	 * Acknowledges a message and all before it. What was not read is passed over, to the
	 * entry of the message.
	 */
	public void acknowledgeUpTo(MessageId id, Position lastStored) {
		Position position = Position.of(id);
		passOver(position.isAfter(lastStored) ? lastStored : position.before());
		int last = Math.min(MessageIds.index(id), Limits.MAX_BATCH_MESSAGES - 1);
		for (int index = 0; index <= last; index++) {
			acknowledge(position, index, lastStored);
		}
	}

	/** Everything up to an entry counts as acknowledged, read or not. */
	public void passOver(Position last) {
		NavigableMap<Position, PendingEntry> passed = this.pending.headMap(last, true);
		passed.forEach((position, entry) -> {
			this.unacknowledged -= entry.unacknowledged();
			entry.acknowledgeAll();
			this.changes.acknowledged.put(position, entry::acknowledged);
			this.counted.remove(position);
		});
		passed.clear();
		skip(last);
	}

	/** What was not read, up to an entry, counts as acknowledged. */
	void skip(Position last) {
		if (last.isAfter(this.readUpTo)) {
			this.readUpTo = last;
			NavigableMap<Position, BitSet> unread = this.unread.headMap(last, true);
			this.unreadAcknowledged -= cardinality(unread);
			unread.clear();
			this.unreadCounts.headMap(last, true).clear();
			this.skipped = true;
		}
	}

	/** Messages of an entry that is pending were delivered in vain. */
	void counted(PendingEntry entry) {
		this.counted.add(entry.position());
		this.changes.counts.put(entry.position(), entry::counts);
	}

	/** Whether counts are known of an entry that is pending. */
	boolean isCounted(PendingEntry entry) {
		return !this.counted.isEmpty() && this.counted.contains(entry.position());
	}

	public boolean hasChanges() {
		return this.skipped || !this.changes.acknowledged.isEmpty() || !this.changes.counts.isEmpty();
	}

	/** Whether all of an entry is acknowledged, and taken to be stored. */
	boolean isTaken(Position position) {
		return !position.isAfter(this.readUpTo) && !this.pending.containsKey(position)
				&& !this.changes.acknowledged.containsKey(position);
	}

	/** Takes the changes, to be stored, or to be put back. */
	public Changes takeChanges() {
		Changes taken = this.changes;
		this.changes = new Changes();
		this.skipped = false;
		return taken;
	}

	/** Changes could not be stored. */
	public void putBack(Changes unstored) {
		// Perhaps nothing was passed over: then the same is stored again, which is
		// harmless.
		this.skipped = true;
		unstored.acknowledged.forEach(this.changes.acknowledged::putIfAbsent);
		unstored.counts.forEach(this.changes.counts::putIfAbsent);
	}

	/** How many messages beyond the position read are acknowledged. */
	long unreadAcknowledged() {
		return this.unreadAcknowledged;
	}

	/** How many messages up to there are not. */
	public long unacknowledged() {
		return this.unacknowledged;
	}

	private static long cardinality(Map<Position, BitSet> entries) {
		return entries.values().stream().mapToLong(BitSet::cardinality).sum();
	}

	private static Position later(Position one, Position other) {
		return one.isAfter(other) ? one : other;
	}

	/** What is to be stored; evaluated when it is. */
	public static final class Changes {

		private final NavigableMap<Position, Supplier<BitSet>> acknowledged = new TreeMap<>();

		private final NavigableMap<Position, Supplier<RedeliveryCounts>> counts = new TreeMap<>();

		/** Of changed entries after a position, the messages acknowledged. */
		public Map<Position, BitSet> acknowledged(Position after) {
			return evaluate(this.acknowledged, after);
		}

		/** Of changed entries after a position, how often messages were delivered. */
		public Map<Position, RedeliveryCounts> counts(Position after) {
			return evaluate(this.counts, after);
		}

		private static <T> Map<Position, T> evaluate(NavigableMap<Position, Supplier<T>> changes, Position after) {
			Map<Position, T> values = new TreeMap<>();
			changes.tailMap(after, false).forEach((position, value) -> values.put(position, value.get()));
			return values;
		}

	}

}
