package io.weir.broker.store.memory;

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

	private final NavigableMap<Position, PartialEntry> entries = new TreeMap<>();

	private final NavigableMap<Position, RedeliveryCounts> redeliveries = new TreeMap<>();

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
		this.entries.putAll(change.kept());
		this.entries.keySet().removeAll(change.forgotten());
		this.redeliveries.putAll(change.redeliveries());
		this.redeliveries.values().removeIf(RedeliveryCounts::isEmpty);
		this.redeliveries.headMap(this.acknowledgedUpTo, true).clear();
	}

	void move(Cursor target) {
		this.entries.clear();
		this.redeliveries.clear();
		this.acknowledgedUpTo = target.acknowledgedUpTo();
		this.holesUpTo = target.holesUpTo();
		this.entries.putAll(target.entries());
	}

	Cursor snapshot() {
		return new Cursor(this.type, this.acknowledgedUpTo, this.holesUpTo, new TreeMap<>(this.entries),
				new TreeMap<>(this.redeliveries));
	}

}
