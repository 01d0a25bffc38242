package io.weir.broker.engine.dispatch;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;

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

	private Set<Position> takenCounted = Set.of();

	/** What is being stored. */
	private NavigableSet<Position> taken = Collections.emptyNavigableSet();

	/** Whether what was never read was passed over. */
	private boolean passedOver;

	/** Up to here the store has the holes. */
	private Position holesUpTo;

	private Position takenUpTo;

	/** Of which entries it has something beyond. */
	private NavigableSet<Position> beyond = Collections.emptyNavigableSet();

	private Set<Position> takenBeyond = Set.of();

	UnstoredChanges(Cursor cursor) {
		this.holesUpTo = cursor.holesUpTo();
		this.takenUpTo = this.holesUpTo;
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
		this.taken = this.changed;
		this.changed = Collections.emptyNavigableSet();
		this.takenCounted = this.counted;
		this.counted = Collections.emptyNavigableSet();
		this.passedOver = false;
		Position upTo = ledger.acknowledgedUpTo();
		Position last = this.taken.floor(ledger.settledUpTo());
		this.takenUpTo = AckLedger.later(this.holesUpTo, (last != null) ? AckLedger.later(last, upTo) : upTo);
		NavigableMap<Position, PartialEntry> kept = new TreeMap<>(ledger.pending(this.holesUpTo, this.takenUpTo));
		Set<Position> forgotten = new HashSet<>();
		Set<Position> touched = new HashSet<>(this.taken);
		touched.addAll(this.beyond.headSet(this.takenUpTo, true));
		for (Position position : touched) {
			PartialEntry left = ledger.left(position);
			if (left != null) {
				kept.put(position, left);
			}
			else if (!position.isAfter(this.holesUpTo) || this.beyond.contains(position)) {
				forgotten.add(position);
			}
		}
		this.takenBeyond = Set.copyOf(kept.tailMap(this.takenUpTo, false).keySet());
		return new CursorChange(upTo, this.takenUpTo, kept, forgotten, counts(ledger, upTo));
	}

	private Map<Position, RedeliveryCounts> counts(AckLedger ledger, Position upTo) {
		Map<Position, RedeliveryCounts> counts = new TreeMap<>();
		for (Position position : this.takenCounted) {
			if (position.isAfter(upTo)) {
				counts.put(position, ledger.counts(position));
			}
		}
		return counts;
	}

	/** What was taken is stored. */
	public void stored() {
		this.holesUpTo = this.takenUpTo;
		this.beyond = Sparse.withoutAll(this.beyond, List.copyOf(this.beyond.headSet(this.holesUpTo, true)));
		this.beyond = Sparse.withAll(this.beyond, this.takenBeyond);
		this.taken = Collections.emptyNavigableSet();
	}

	/** What was taken could not be stored. */
	public void putBack() {
		// Perhaps nothing was passed over: then the same is stored again, which is
		// harmless.
		this.passedOver = true;
		this.changed = Sparse.withAll(this.changed, this.taken);
		this.counted = Sparse.withAll(this.counted, this.takenCounted);
	}

	/** Nothing is ever stored. */
	public void drop() {
		this.changed = Collections.emptyNavigableSet();
		this.counted = Collections.emptyNavigableSet();
		this.passedOver = false;
	}

}
