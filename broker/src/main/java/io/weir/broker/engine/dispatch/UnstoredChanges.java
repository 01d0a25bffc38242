package io.weir.broker.engine.dispatch;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.context.Sparse;
import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.wire.Position;

/**
 * What the store does not know yet of a subscription's acknowledgements, and as much of
 * what it knows as is needed to tell it. An entry that is not acknowledged is stored
 * once, when one after it is, and forgotten when it is acknowledged itself.
 */
public final class UnstoredChanges {

	private NavigableSet<Position> changed = Collections.emptyNavigableSet();

	/** Of which entries redelivery counts have changed. */
	private NavigableSet<Position> counted = Collections.emptyNavigableSet();

	/** Whether what was never read was passed over. */
	private boolean passedOver;

	/** Up to here the store has the holes. */
	private Position holesUpTo;

	/** Of which entries it has something beyond. */
	private NavigableSet<Position> beyond = Collections.emptyNavigableSet();

	/** What is being stored. */
	private @Nullable Taken taken;

	UnstoredChanges(Cursor cursor) {
		this.holesUpTo = cursor.holesUpTo();
		this.beyond = Sparse.withAll(this.beyond, cursor.entries().tailMap(this.holesUpTo, false).keySet());
	}

	void add(Position position) {
		this.changed = Sparse.with(this.changed, position);
	}

	void addAll(Set<Position> positions) {
		this.changed = Sparse.withAll(this.changed, positions);
	}

	void counted(Position position) {
		this.counted = Sparse.with(this.counted, position);
	}

	boolean contains(Position position) {
		return this.changed.contains(position);
	}

	void passedOver() {
		this.passedOver = true;
	}

	public boolean isEmpty() {
		return this.changed.isEmpty() && this.counted.isEmpty() && !this.passedOver;
	}

	/** Takes all changes, to be stored, put back or dropped. */
	CursorChange take(AckLedger ledger) {
		NavigableSet<Position> changed = this.changed;
		NavigableSet<Position> counted = this.counted;
		drop();
		Position upTo = ledger.acknowledgedUpTo();
		Position last = changed.floor(ledger.settledUpTo());
		Position holes = AckLedger.later(this.holesUpTo, (last != null) ? AckLedger.later(last, upTo) : upTo);
		NavigableMap<Position, PartialEntry> kept = new TreeMap<>(ledger.pending(this.holesUpTo, holes));
		Set<Position> forgotten = new HashSet<>();
		for (Position position : changed) {
			PartialEntry left = ledger.left(position);
			if (left != null) {
				kept.put(position, left);
			}
			else if (!position.isAfter(this.holesUpTo) || this.beyond.contains(position)) {
				forgotten.add(position);
			}
		}
		this.taken = new Taken(changed, counted, holes, Set.copyOf(kept.tailMap(holes, false).keySet()));
		return new CursorChange(upTo, holes, kept, forgotten, counts(counted.tailSet(upTo, false), ledger));
	}

	private static Map<Position, RedeliveryCounts> counts(Set<Position> counted, AckLedger ledger) {
		Map<Position, RedeliveryCounts> counts = new TreeMap<>();
		counted.forEach((position) -> counts.put(position, ledger.counts(position)));
		return counts;
	}

	/** What was taken is stored. */
	public void stored() {
		Taken stored = takeTaken();
		this.holesUpTo = stored.holesUpTo();
		this.beyond = Sparse.withoutAll(this.beyond, List.copyOf(this.beyond.headSet(this.holesUpTo, true)));
		this.beyond = Sparse.withAll(this.beyond, stored.beyond());
	}

	/** What was taken could not be stored. */
	public void putBack() {
		// Perhaps nothing was passed over: then the same is stored again, which is
		// harmless.
		this.passedOver = true;
		Taken unstored = takeTaken();
		this.changed = Sparse.withAll(this.changed, unstored.changed());
		this.counted = Sparse.withAll(this.counted, unstored.counted());
	}

	private Taken takeTaken() {
		Taken taken = Objects.requireNonNull(this.taken, "Nothing is being stored");
		this.taken = null;
		return taken;
	}

	/** Nothing is ever stored. */
	public void drop() {
		this.changed = Collections.emptyNavigableSet();
		this.counted = Collections.emptyNavigableSet();
		this.passedOver = false;
	}

	/**
	 * What is being stored.
	 *
	 * @param changed which entries have changed
	 * @param counted of which entries redelivery counts have
	 * @param holesUpTo up to here the store has the holes then
	 * @param beyond of which entries it has something beyond then
	 */
	private record Taken(Set<Position> changed, Set<Position> counted, Position holesUpTo, Set<Position> beyond) {
	}

}
