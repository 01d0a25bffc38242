package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.buffer.Unpooled;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.Position;

/** All entries that a topic ever had, without their bytes: its log is trimmed. */
final class SimulatedArchive {

	private final SimulatedClock clock;

	private final List<Entry> entries = new ArrayList<>();

	/** Where the latest message of each key is. */
	private final Map<Integer, Position> latest = new HashMap<>();

	/** What was taken out of the middle of the log. */
	private final Set<Position> removed = new HashSet<>();

	SimulatedArchive(SimulatedClock clock) {
		this.clock = clock;
	}

	void add(Position position, EntryHeader header) {
		Entry entry = new Entry(position, header, Unpooled.EMPTY_BUFFER);
		this.entries.add(entry);
		keys(entry).forEach((key) -> this.latest.put(key, position));
	}

	private static IntStream keys(Entry entry) {
		EntryHeader header = entry.header();
		return IntStream.range(0, header.count())
			.map((index) -> SimulatedMessages.key(header.producerName(), header.firstSequence() + index));
	}

	/** Whether each message of an entry has a later one with its key. */
	boolean isSuperseded(Position position) {
		return keys(this.entries.get((int) position.entry())).allMatch((key) -> this.latest.get(key).isAfter(position));
	}

	void remove(Set<Position> positions) {
		this.removed.addAll(positions);
	}

	boolean isRemoved(Position position) {
		return this.removed.contains(position);
	}

	/** The messages that were taken out of the middle. */
	Stream<MessageId> removedIds() {
		return ids(this.removed);
	}

	/** The messages of some entries. */
	Stream<MessageId> ids(Set<Position> positions) {
		return positions.stream()
			.map((position) -> this.entries.get((int) position.entry()))
			.flatMap(SimulatedArchive::ids);
	}

	List<Entry> all() {
		return this.entries;
	}

	int size() {
		return this.entries.size();
	}

	/** Remembers what is stored, and makes it so again. */
	Runnable checkpoint() {
		int size = this.entries.size();
		Set<Position> removed = new HashSet<>(this.removed);
		return () -> {
			this.entries.subList(size, this.entries.size()).clear();
			this.removed.retainAll(removed);
			this.latest.clear();
			this.entries.forEach((entry) -> keys(entry).forEach((key) -> this.latest.put(key, entry.position())));
		};
	}

	EntryHeader header(MessageId id) {
		return this.entries.get((int) Position.of(id).entry()).header();
	}

	/** The entries after a position and up to another, also those that were trimmed. */
	List<Entry> between(Position after, Position upTo) {
		int from = (int) Math.min(after.entry() + 1, this.entries.size());
		int to = (int) Math.min(upTo.entry() + 1, this.entries.size());
		return (from < to) ? this.entries.subList(from, to) : List.of();
	}

	/** Their messages. */
	Stream<MessageId> idsBetween(Position after, Position upTo) {
		return between(after, upTo).stream().flatMap(SimulatedArchive::ids);
	}

	static Stream<MessageId> ids(Entry entry) {
		return IntStream.range(0, entry.header().count()).mapToObj((index) -> entry.position().message(index));
	}

	boolean mayHaveExpired(MessageId id) {
		return mayHaveExpiredByItself(id) || mayBeTooOld(id);
	}

	boolean mayHaveExpiredByItself(MessageId id) {
		return this.clock.mayHaveCome(header(id).index().expiresAt(MessageIds.index(id)));
	}

	/** By what the clock was set back, it may seem as old as what came after it. */
	private boolean mayBeTooOld(MessageId id) {
		return this.entries.subList((int) Position.of(id).entry(), this.entries.size())
			.stream()
			.anyMatch((entry) -> this.clock.mayBeTooOld(entry.header().publishTime()));
	}

}
