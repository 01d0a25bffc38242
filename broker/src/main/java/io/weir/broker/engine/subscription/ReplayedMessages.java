package io.weir.broker.engine.subscription;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.wire.Position;

/**
 * Which messages of a topic were replayed. Entries of which all were, and that follow
 * each other, take as much memory as one. The store has each entry until all up to it
 * were replayed or are gone.
 */
final class ReplayedMessages {

	/** So many entries are forgotten with one change, at most. */
	static final int MAX_FORGOTTEN = 1_000;

	/** Everything up to here, as the store knows. */
	private Position storedUpTo;

	/** Runs of whole entries beyond that: the last one by the first one. */
	private final NavigableMap<Position, Position> runs = new TreeMap<>();

	private final NavigableMap<Position, PartialEntry> parts = new TreeMap<>();

	ReplayedMessages(Cursor cursor) {
		this.storedUpTo = cursor.acknowledgedUpTo();
		cursor.entries().forEach(this::add);
	}

	private void add(Position position, PartialEntry replayed) {
		if (replayed.unacknowledged() > 0) {
			this.parts.put(position, replayed);
		}
		else if (!isWhole(position)) {
			this.parts.remove(position);
			Map.Entry<Position, Position> before = this.runs.floorEntry(position);
			boolean follows = before != null && before.getValue().after().equals(position);
			Position behind = this.runs.remove(position.after());
			this.runs.put(follows ? before.getKey() : position, (behind != null) ? behind : position);
		}
	}

	private boolean isWhole(Position position) {
		Map.Entry<Position, Position> run = this.runs.floorEntry(position);
		return !position.isAfter(this.storedUpTo) || (run != null && !position.isAfter(run.getValue()));
	}

	/** Which messages of an entry were replayed, as a new set. */
	BitSet of(Position position, int count) {
		BitSet replayed = new BitSet(count);
		PartialEntry part = this.parts.get(position);
		if (isWhole(position)) {
			replayed.set(0, count);
		}
		else if (part != null) {
			replayed.or(part.acknowledged());
		}
		return replayed;
	}

	/**
	 * The first entry of which not every message was replayed.
	 * @param first where the topic begins
	 */
	Position needed(Position first) {
		Position next = first.isAfter(this.storedUpTo) ? first : this.storedUpTo.after();
		Map.Entry<Position, Position> run = this.runs.floorEntry(next);
		return (run != null && !next.isAfter(run.getValue())) ? run.getValue().after() : next;
	}

	/**
	 * What is to be stored when more are replayed; nothing changes before that is done.
	 * @param first where the topic begins
	 */
	CursorChange change(Map<Position, PartialEntry> more, Position first) {
		Map<Position, PartialEntry> kept = new TreeMap<>();
		more.forEach((position, entry) -> kept.put(position, with(position, entry)));
		Position wanted = needed(first).before();
		Set<Position> forgotten = new HashSet<>();
		Position upTo = this.storedUpTo;
		Position next = nextWhole(upTo);
		while (next != null && !next.isAfter(wanted) && forgotten.size() < MAX_FORGOTTEN) {
			forgotten.add(next);
			upTo = next;
			next = nextWhole(next);
		}
		if (wanted.isAfter(upTo) && (next == null || next.isAfter(wanted))) {
			upTo = wanted;
		}
		forgotten.addAll(this.parts.headMap(upTo, true).keySet());
		kept.keySet().removeAll(forgotten);
		return new CursorChange(upTo, upTo, kept, forgotten, Map.of());
	}

	private PartialEntry with(Position position, PartialEntry more) {
		BitSet replayed = of(position, more.messages());
		replayed.or(more.acknowledged());
		return new PartialEntry(more.messages(), replayed);
	}

	/** The next entry after a position of which all was replayed. */
	private @Nullable Position nextWhole(Position position) {
		Position next = position.after();
		Map.Entry<Position, Position> run = this.runs.floorEntry(next);
		return (run != null && !next.isAfter(run.getValue())) ? next : this.runs.ceilingKey(next);
	}

	/** A change is stored. */
	void stored(CursorChange change) {
		change.kept().forEach(this::add);
		this.storedUpTo = change.acknowledgedUpTo();
		this.parts.headMap(this.storedUpTo, true).clear();
		this.runs.headMap(this.storedUpTo, true).values().removeIf((last) -> !last.isAfter(this.storedUpTo));
	}

}
