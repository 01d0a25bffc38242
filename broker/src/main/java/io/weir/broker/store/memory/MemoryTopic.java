package io.weir.broker.store.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;
import io.weir.broker.store.ScheduleStore.Due;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoredProducer;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * What there is of one topic, outliving the logs that are opened on it. Guarded by
 * itself.
 */
final class MemoryTopic {

	private final Topic topic;

	private final List<Entry> entries = new ArrayList<>();

	private final Map<String, MemoryProducer> producers = new HashMap<>();

	private final Map<String, MemoryCursor> cursors = new HashMap<>();

	private final MemorySchedule schedule = new MemorySchedule();

	/** The number of the first entry that was not trimmed. */
	private long first;

	/** The number of the next entry. */
	private long next;

	private Extent extent = Extent.NONE;

	private long ownerEpoch = Long.MIN_VALUE;

	private @Nullable MemoryTopicLog writer;

	private boolean closed;

	/**
	 * Creates a topic.
	 * @param first the number of its first entry
	 */
	MemoryTopic(Topic topic, long first) {
		this.topic = topic;
		this.first = first;
		this.next = first;
	}

	Topic topic() {
		return this.topic;
	}

	/** Makes the log the topic's writer and fences the earlier one. */
	synchronized void open(MemoryTopicLog log, long epoch) {
		if (epoch < this.ownerEpoch) {
			throw new StorageException(Kind.FENCED, "Topic " + this.topic + " was opened with owner epoch "
					+ this.ownerEpoch + "; " + epoch + " is of an earlier owner", null);
		}
		this.ownerEpoch = epoch;
		end(fenced());
		this.writer = log;
	}

	/** Has no writer any more, for a reason that the present one is told. */
	private void end(StorageException reason) {
		if (this.writer != null) {
			this.writer.lose(reason);
		}
		this.writer = null;
	}

	synchronized void close(MemoryTopicLog log) {
		if (this.writer == log) {
			this.writer = null;
		}
	}

	/** Deletes everything; only within {@link #write}. */
	void delete() {
		end(new StorageException(Kind.FENCED, "Topic " + this.topic + " was deleted", null));
		this.entries.clear();
		this.producers.clear();
		this.cursors.clear();
		this.schedule.clear();
	}

	/** Runs an action of the topic's writer. */
	synchronized <T> T write(MemoryTopicLog log, Supplier<T> action) {
		checkOpen();
		if (this.writer != log) {
			throw log.reason();
		}
		return action.get();
	}

	private StorageException fenced() {
		return new StorageException(Kind.FENCED,
				"Topic " + this.topic + " was opened again; this log may not write any more", null);
	}

	synchronized Position append(EntryHeader header, byte[] batch) {
		Position position = place(header, batch);
		remember(header, position);
		return position;
	}

	private Position place(EntryHeader header, byte[] batch) {
		Position position = new Position(0, this.next++);
		EntryHeader placed = header.at(this.extent);
		this.extent = placed.after(batch.length);
		this.entries.add(new Entry(position, placed, Unpooled.wrappedBuffer(batch)));
		return position;
	}

	/** So that it is recognised when it is sent again. */
	private void remember(EntryHeader header, Position position) {
		this.producers.computeIfAbsent(header.producerName(), (name) -> new MemoryProducer())
			.add(new StoredBatch(header.firstSequence(), header.count(), position));
	}

	synchronized Position schedule(long due, EntryHeader header, byte[] batch) {
		Position position = this.schedule.add(due, header, batch);
		remember(header, position);
		return position;
	}

	synchronized Position appendDue(Position scheduled, EntryHeader header, byte[] batch) {
		this.schedule.remove(scheduled);
		return place(header, batch);
	}

	synchronized boolean unschedule(Position scheduled) {
		return this.schedule.remove(scheduled);
	}

	synchronized Due due(long upTo, int maxEntries, int maxBytes) {
		checkOpen();
		return this.schedule.read(upTo, maxEntries, maxBytes);
	}

	synchronized long firstDue() {
		return this.schedule.firstDue();
	}

	synchronized long scheduled() {
		return this.schedule.size();
	}

	/** The number of the next entry. */
	synchronized long next() {
		return this.next;
	}

	synchronized List<Entry> read(Position from, int maxEntries, int maxBytes) {
		checkOpen();
		List<Entry> read = new ArrayList<>();
		long bytes = 0;
		for (int next = indexOf(from); next < this.entries.size() && read.size() < maxEntries; next++) {
			Entry entry = this.entries.get(next);
			bytes += entry.batch().readableBytes();
			if (bytes > maxBytes && !read.isEmpty()) {
				break;
			}
			// A buffer of its own: what the reader does with it is no concern of the log.
			read.add(new Entry(entry.position(), entry.header(), Unpooled.wrappedBuffer(entry.batch().array())));
		}
		return read;
	}

	synchronized Position find(long publishTime) {
		return find((header) -> header.publishTime() < publishTime);
	}

	synchronized Position findByte(long offset) {
		return find((header) -> header.before().bytes() < offset);
	}

	private Position find(Predicate<EntryHeader> tooEarly) {
		checkOpen();
		int earlier = -1;
		int found = this.entries.size();
		while (found - earlier > 1) {
			int middle = (earlier + found) >>> 1;
			if (tooEarly.test(this.entries.get(middle).header())) {
				earlier = middle;
			}
			else {
				found = middle;
			}
		}
		return (found < this.entries.size()) ? this.entries.get(found).position() : new Position(0, this.next);
	}

	/** Keeps the last entry, as other engines do. */
	synchronized Position trim(Position before) {
		long end = Math.min((before.segment() > 0) ? Long.MAX_VALUE : before.entry(), last().entry());
		if (end > this.first) {
			this.entries.subList(0, indexOf(new Position(0, end))).clear();
			this.first = end;
		}
		return first();
	}

	synchronized Position first() {
		return new Position(0, this.first);
	}

	synchronized Extent findExtent(Position position) {
		checkOpen();
		int index = indexOf(new Position(position.segment(), position.entry() + 1)) - 1;
		if (index >= 0) {
			Entry entry = this.entries.get(index);
			return entry.header().after(entry.batch().readableBytes());
		}
		return this.entries.isEmpty() ? this.extent : this.entries.get(0).header().before();
	}

	synchronized Extent extent() {
		return this.extent;
	}

	/** The index of the first entry that stands there or later. */
	private int indexOf(Position from) {
		int before = -1;
		int found = this.entries.size();
		while (found - before > 1) {
			int middle = (before + found) >>> 1;
			if (from.isAfter(this.entries.get(middle).position())) {
				before = middle;
			}
			else {
				found = middle;
			}
		}
		return found;
	}

	synchronized void remove(Set<Position> removed) {
		this.entries.removeIf((entry) -> removed.contains(entry.position()));
	}

	synchronized Position last() {
		return new Position(0, this.next - 1);
	}

	synchronized Map<String, StoredProducer> producers() {
		return snapshot(this.producers, MemoryProducer::snapshot);
	}

	synchronized void storeEpochs(String producer, Epochs epochs) {
		this.producers.computeIfAbsent(producer, (name) -> new MemoryProducer()).set(epochs);
	}

	synchronized void forgetProducers(Set<String> names) {
		this.producers.keySet().removeAll(names);
	}

	synchronized Map<String, Cursor> cursorSnapshot() {
		return snapshot(this.cursors, MemoryCursor::snapshot);
	}

	/** The cursors themselves; only within {@link #write}. */
	Map<String, MemoryCursor> cursors() {
		return this.cursors;
	}

	synchronized void close() {
		this.closed = true;
		this.entries.clear();
	}

	private void checkOpen() {
		if (this.closed) {
			throw new StorageException("Topic " + this.topic + ": the store is closed", null);
		}
	}

	private static <A, B> Map<String, B> snapshot(Map<String, A> map, Function<A, B> copy) {
		return map.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (each) -> copy.apply(each.getValue())));
	}

}
