package io.weir.broker.store.memory;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/** What one subscription has acknowledged. Guarded by its topic. */
final class MemoryCursor {

	private final SubscriptionType type;

	// What is empty is one for all cursors.

	private NavigableMap<Position, PartialEntry> entries = Collections.emptyNavigableMap();

	private NavigableMap<Position, RedeliveryCounts> redeliveries = Collections.emptyNavigableMap();

	private Position acknowledgedUpTo;

	private Position holesUpTo;

	MemoryCursor(SubscriptionType type, Position acknowledgedUpTo) {
		this.type = type;
		this.acknowledgedUpTo = acknowledgedUpTo;
		this.holesUpTo = acknowledgedUpTo;
	}

	void acknowledge(CursorChange change) {
		this.acknowledgedUpTo = change.acknowledgedUpTo();
		this.holesUpTo = change.holesUpTo();
		this.entries = own(this.entries);
		this.entries.putAll(change.kept());
		this.entries.keySet().removeAll(change.forgotten());
		this.entries = left(this.entries);
		this.redeliveries = own(this.redeliveries);
		this.redeliveries.putAll(change.redeliveries());
		this.redeliveries.values().removeIf(RedeliveryCounts::isEmpty);
		this.redeliveries.headMap(this.acknowledgedUpTo, true).clear();
		this.redeliveries = left(this.redeliveries);
	}

	private static <T> NavigableMap<Position, T> own(NavigableMap<Position, T> map) {
		return map.isEmpty() ? new TreeMap<>() : map;
	}

	private static <T> NavigableMap<Position, T> left(NavigableMap<Position, T> map) {
		return map.isEmpty() ? Collections.emptyNavigableMap() : map;
	}

	void move(Cursor target) {
		this.entries = left(new TreeMap<>(target.entries()));
		this.redeliveries = Collections.emptyNavigableMap();
		this.acknowledgedUpTo = target.acknowledgedUpTo();
		this.holesUpTo = target.holesUpTo();
	}

	Cursor snapshot() {
		return new Cursor(this.type, this.acknowledgedUpTo, this.holesUpTo, new TreeMap<>(this.entries),
				new TreeMap<>(this.redeliveries));
	}

}
