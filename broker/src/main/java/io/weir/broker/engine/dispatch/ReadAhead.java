package io.weir.broker.engine.dispatch;

import java.util.Collections;
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

	private static final NavigableMap<Position, Entry> UNUSED = Collections.emptyNavigableMap();

	/** A map of its own from the first entry until it is cleared. */
	private NavigableMap<Position, Entry> entries = UNUSED;

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
		if (this.entries == UNUSED) {
			this.entries = new TreeMap<>();
		}
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
		Entry entry = remove(position);
		if (entry != null) {
			this.bytes -= entry.batch().readableBytes();
		}
		return entry;
	}

	private @Nullable Entry remove(Position position) {
		return this.entries.isEmpty() ? null : this.entries.remove(position);
	}

	boolean contains(Position position) {
		return this.entries.containsKey(position);
	}

	/** An entry is not needed any more. */
	void drop(Position position) {
		Entry entry = remove(position);
		if (entry != null) {
			letGo(entry);
		}
	}

	void clear() {
		this.entries.values().forEach(Entry::release);
		this.entries = UNUSED;
		this.bytes = 0;
	}

	private void letGo(Entry entry) {
		this.bytes -= entry.batch().readableBytes();
		entry.release();
	}

}
