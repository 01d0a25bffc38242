package io.weir.broker.store.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.netty.buffer.Unpooled;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.ScheduleStore.Due;
import io.weir.broker.store.ScheduledPosition;
import io.weir.wire.Position;

/**
 * The messages of one topic that are to come into its log later. Guarded by its topic.
 */
final class MemorySchedule {

	private final NavigableMap<Position, Entry> entries = new TreeMap<>();

	private long nextNumber;

	Position add(long due, EntryHeader header, byte[] batch) {
		Position position = ScheduledPosition.of(due, this.nextNumber++);
		this.entries.put(position, new Entry(position, header, Unpooled.wrappedBuffer(batch)));
		return position;
	}

	boolean remove(Position scheduled) {
		return this.entries.remove(scheduled) != null;
	}

	Due read(long upTo, int maxEntries, int maxBytes) {
		List<Entry> read = new ArrayList<>();
		long bytes = 0;
		for (Entry entry : this.entries.values()) {
			long due = ScheduledPosition.due(entry.position());
			bytes += entry.batch().readableBytes();
			if (due > upTo || read.size() == maxEntries || (bytes > maxBytes && !read.isEmpty())) {
				return new Due(read, due);
			}
			read.add(new Entry(entry.position(), entry.header(), Unpooled.wrappedBuffer(entry.batch().array())));
		}
		return new Due(read, ScheduleStore.NEVER);
	}

	long firstDue() {
		return this.entries.isEmpty() ? ScheduleStore.NEVER : ScheduledPosition.due(this.entries.firstKey());
	}

	int size() {
		return this.entries.size();
	}

	void clear() {
		this.entries.clear();
	}

}
