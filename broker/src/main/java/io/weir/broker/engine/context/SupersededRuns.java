package io.weir.broker.engine.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.weir.broker.engine.Superseded;
import io.weir.wire.Position;

/**
 * The entries of a topic's log that need not be kept, as far as somebody has found out:
 * readers of the compacted view pass over them, and they are taken out of the log as soon
 * as nobody else needs them. In runs without a gap, and no more than there is room for:
 * what is left out is found again another time.
 */
public final class SupersededRuns {

	/** So many entries are taken out by one write. */
	static final int LONGEST = 1000;

	/** Of some 100 bytes each. */
	static final int MOST = 50_000;

	private final NavigableMap<Position, Run> runs = new TreeMap<>();

	public SupersededRuns() {
	}

	/** An entry need not be kept. */
	public void add(Superseded entry) {
		Position position = entry.position();
		if (has(position)) {
			return;
		}
		Run run = new Run(position, position, 1, entry.messages(), entry.bytes());
		Map.Entry<Position, Run> before = this.runs.lowerEntry(position);
		if (before != null && before.getValue().isFollowedBy(run)) {
			run = before.getValue().with(run);
			this.runs.remove(run.first());
		}
		Run after = this.runs.get(position.after());
		if (after != null && run.isFollowedBy(after)) {
			this.runs.remove(after.first());
			run = run.with(after);
		}
		if (this.runs.size() < MOST) {
			this.runs.put(run.first(), run);
		}
	}

	/** Whether an entry need not be kept. */
	public boolean has(Position position) {
		Map.Entry<Position, Run> run = this.runs.floorEntry(position);
		return run != null && !position.isAfter(run.getValue().last());
	}

	/** The first position from another on that is not of such an entry. */
	public Position keptFrom(Position from) {
		Position kept = from;
		Map.Entry<Position, Run> run = this.runs.floorEntry(kept);
		while (run != null && !kept.isAfter(run.getValue().last())) {
			kept = run.getValue().last().after();
			run = this.runs.floorEntry(kept);
		}
		return kept;
	}

	/**
	 * Takes what stands before a position, the first runs, as many as one write takes.
	 */
	public List<Run> take(Position limit) {
		cut(limit);
		List<Run> taken = new ArrayList<>();
		int entries = 0;
		for (Run run : this.runs.headMap(limit, false).values()) {
			entries += run.entries();
			if (entries > LONGEST) {
				break;
			}
			taken.add(run);
		}
		taken.forEach((run) -> this.runs.remove(run.first()));
		return taken;
	}

	private void cut(Position limit) {
		Map.Entry<Position, Run> run = this.runs.lowerEntry(limit);
		if (run != null && !limit.isAfter(run.getValue().last())) {
			putBack(run.getValue().before(limit));
			putBack(run.getValue().from(limit));
		}
	}

	/** A run could not be taken out. */
	public void putBack(Run run) {
		this.runs.put(run.first(), run);
	}

	/** The beginning of the log is gone. */
	public void trimmed(Position first) {
		this.runs.headMap(first, false).clear();
	}

	/**
	 * Entries that follow each other.
	 *
	 * @param first the first one
	 * @param last the last one
	 * @param entries how many
	 * @param messages how many messages they have
	 * @param bytes how many bytes
	 */
	public record Run(Position first, Position last, int entries, long messages, long bytes) {

		private boolean isFollowedBy(Run next) {
			return this.last.after().equals(next.first) && this.entries + next.entries <= LONGEST;
		}

		private Run with(Run next) {
			return new Run(this.first, next.last, this.entries + next.entries, this.messages + next.messages,
					this.bytes + next.bytes);
		}

		/** What stands before a position in it, with its share of messages and bytes. */
		private Run before(Position limit) {
			int part = (int) (limit.entry() - this.first.entry());
			return new Run(this.first, limit.before(), part, this.messages * part / this.entries,
					this.bytes * part / this.entries);
		}

		private Run from(Position limit) {
			Run before = before(limit);
			return new Run(limit, this.last, this.entries - before.entries, this.messages - before.messages,
					this.bytes - before.bytes);
		}

		/** The positions of the entries. */
		public List<Position> positions() {
			List<Position> positions = new ArrayList<>(this.entries);
			for (Position each = this.first; !each.isAfter(this.last); each = each.after()) {
				positions.add(each);
			}
			return positions;
		}

	}

}
