package io.weir.broker.store.rocksdb;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.EntryHeader;
import io.weir.wire.Limits;
import io.weir.wire.Position;

/**
 * Finds damaged entries, and how many messages they had: what their own headers do not
 * tell any more the next entries before and after them do, which know how many messages
 * the log has up to there. Of several side by side only the sum is known, which is said
 * of the first ones, always in the same way.
 */
final class DamagedRuns {

	private final LogReader reader;

	private final long first;

	private final long last;

	/**
	 * Begins to look.
	 * @param first the first entry that was not trimmed
	 * @param last the last entry of the log
	 */
	DamagedRuns(LogReader reader, long first, long last) {
		this.reader = reader;
		this.first = first;
		this.last = last;
	}

	/** The damaged ones of some entries, with how many messages they had. */
	Map<Position, Integer> find(long from, long to) {
		Map<Position, Integer> found = new TreeMap<>();
		for (long entry = this.reader.keptFrom(from); entry <= to; entry = this.reader.keptFrom(entry + 1)) {
			if (this.reader.damage(entry) != null) {
				EntryHeader header = this.reader.header(entry);
				found.put(new Position(0, entry), (header != null) ? header.count() : countOf(entry));
			}
		}
		return found;
	}

	/** One whose header is damaged. */
	private int countOf(long entry) {
		long start = entry;
		EntryHeader before = null;
		while (before == null && start > this.first) {
			before = this.reader.header(--start);
		}
		EntryHeader after = nextHeader(entry);
		if (after == null || (before == null && this.first > 0)) {
			return 0;
		}
		long sum = after.firstOrdinal() - ((before != null) ? before.nextOrdinal() : 0);
		long already = (entry - ((before != null) ? start + 1 : start)) * Limits.MAX_BATCH_MESSAGES;
		return (int) Math.max(0, Math.min(Limits.MAX_BATCH_MESSAGES, sum - already));
	}

	private @Nullable EntryHeader nextHeader(long entry) {
		EntryHeader next = null;
		for (long later = entry + 1; next == null && later <= this.last; later++) {
			next = this.reader.header(later);
		}
		return next;
	}

}
