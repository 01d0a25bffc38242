package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
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

	SimulatedArchive(SimulatedClock clock) {
		this.clock = clock;
	}

	void add(Position position, EntryHeader header) {
		this.entries.add(new Entry(position, header, Unpooled.EMPTY_BUFFER));
	}

	List<Entry> all() {
		return this.entries;
	}

	int size() {
		return this.entries.size();
	}

	/** The end of the log is lost, and its positions are given again. */
	void cutTo(int size) {
		this.entries.subList(size, this.entries.size()).clear();
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
