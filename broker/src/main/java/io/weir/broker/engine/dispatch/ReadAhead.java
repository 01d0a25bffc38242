package io.weir.broker.engine.dispatch;

import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;
import io.weir.wire.Position;

/**
 * Entries that were read for a subscription and could not be delivered yet. Bounded in
 * bytes: what is too much is let go, the highest position first, and read again later.
 */
final class ReadAhead {

	/** The most bytes kept, unless a single entry has more. */
	static final int MAX_BYTES = 512 * 1024;

	private final NavigableMap<Position, Entry> entries = new TreeMap<>();

	private long bytes;

	void add(Entry entry) {
		keep(entry);
		while (this.bytes > MAX_BYTES && this.entries.size() > 1) {
			letGo(this.entries.pollLastEntry().getValue());
		}
	}

	/** As {@link #add}, but lets nothing go until {@link #trim}. */
	void keep(Entry entry) {
		int size = entry.batch().readableBytes();
		Entry replaced = this.entries.put(entry.position(), entry);
		this.bytes += size;
		if (replaced != null) {
			letGo(replaced);
		}
	}

	/** Leaves room for as much again, also by letting go of a single large entry. */
	void trim() {
		while (this.bytes > MAX_BYTES / 2) {
			letGo(this.entries.pollLastEntry().getValue());
		}
	}

	/** Takes an entry out; the caller releases it. */
	@Nullable Entry take(Position position) {
		Entry entry = this.entries.remove(position);
		if (entry != null) {
			this.bytes -= entry.batch().readableBytes();
		}
		return entry;
	}

	boolean contains(Position position) {
		return this.entries.containsKey(position);
	}

	/** An entry is not needed any more. */
	void drop(Position position) {
		Entry entry = this.entries.remove(position);
		if (entry != null) {
			letGo(entry);
		}
	}

	void clear() {
		if (this.entries.isEmpty()) {
			return;
		}
		this.entries.values().forEach(Entry::release);
		this.entries.clear();
		this.bytes = 0;
	}

	private void letGo(Entry entry) {
		this.bytes -= entry.batch().readableBytes();
		entry.release();
	}

}
