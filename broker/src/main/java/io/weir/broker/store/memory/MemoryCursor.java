package io.weir.broker.store.memory;

import java.util.BitSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/** What one subscription has acknowledged. Guarded by its topic. */
final class MemoryCursor {

	private final SubscriptionType type;

	private final NavigableMap<Position, BitSet> entries = new TreeMap<>();

	private final NavigableMap<Position, RedeliveryCounts> redeliveries = new TreeMap<>();

	private Position acknowledgedUpTo;

	MemoryCursor(SubscriptionType type, Position acknowledgedUpTo) {
		this.type = type;
		this.acknowledgedUpTo = acknowledgedUpTo;
	}

	void acknowledge(Position upTo, Map<Position, BitSet> changed, Map<Position, RedeliveryCounts> counts) {
		this.acknowledgedUpTo = upTo;
		changed.forEach((position, indexes) -> this.entries.put(position, (BitSet) indexes.clone()));
		this.entries.headMap(upTo, true).clear();
		this.redeliveries.putAll(counts);
		this.redeliveries.values().removeIf(RedeliveryCounts::isEmpty);
		this.redeliveries.headMap(upTo, true).clear();
	}

	void move(Position upTo, Map<Position, BitSet> acknowledged) {
		this.entries.clear();
		this.redeliveries.clear();
		acknowledge(upTo, acknowledged, Map.of());
	}

	Cursor snapshot() {
		NavigableMap<Position, BitSet> copy = new TreeMap<>();
		this.entries.forEach((position, indexes) -> copy.put(position, (BitSet) indexes.clone()));
		return new Cursor(this.type, this.acknowledgedUpTo, copy, new TreeMap<>(this.redeliveries));
	}

}
