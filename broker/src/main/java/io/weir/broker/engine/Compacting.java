package io.weir.broker.engine;

import java.util.List;
import java.util.Set;

import io.weir.wire.Position;

/** What the compaction of a topic's log wants the store to carry out. */
public sealed interface Compacting<T> extends Storing.Asking<T> {

	/**
	 * Have entries read, and tell their keys to a search, on a thread that may take its
	 * time; a topic has one such effect under way at most, and leaves the search alone
	 * until it has the outcome.
	 *
	 * @param search is told the keys
	 * @param from where to begin
	 * @param maxEntries how many entries at most
	 * @param maxBytes how many bytes at most, though one entry at least
	 */
	record ReadKeys(KeySearch search, Position from, int maxEntries, int maxBytes) implements Compacting<KeysPage> {

		@Override
		public Command done(KeysPage page) {
			return new Outcome.KeysRead(this.search, page);
		}

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * Take entries out of the log; a topic has one such effect under way at most.
	 *
	 * @param entries their positions
	 */
	record RemoveSuperseded(Set<Position> entries) implements Compacting<Void> {

		@Override
		public Command done(Void nothing) {
			return new Outcome.SupersededRemoved(this.entries);
		}

	}

	/**
	 * A topic's log was gone through: to be said in the log of the broker.
	 *
	 * @param messages how many messages were taken out
	 * @param bytes how many bytes they had
	 * @param keys how many keys there are, as far as they were told apart
	 * @param leftOut how many messages stay since there were too many keys
	 * @param millis how long it took
	 */
	record Finished(long messages, long bytes, int keys, long leftOut, long millis) implements Storing {
	}

	/**
	 * What came of one page.
	 *
	 * @param next where the next page begins
	 * @param last whether there is nothing more to be looked at
	 * @param found what need not be kept, in any order
	 */
	record KeysPage(Position next, boolean last, List<Superseded> found) {
	}

}
