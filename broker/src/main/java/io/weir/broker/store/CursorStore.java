package io.weir.broker.store;

import java.util.BitSet;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/**
 * What the subscriptions of one topic have acknowledged: completely, however many holes
 * there are. Called by the topic's writer only.
 */
public interface CursorStore {

	/**
	 * Creates a subscription.
	 * @param subscription the name
	 * @param type its type
	 * @param acknowledgedUpTo everything up to this position counts as acknowledged
	 * @return completes when it is stored; exceptionally {@link StorageException}
	 */
	CompletionStage<Void> create(String subscription, SubscriptionType type, Position acknowledgedUpTo);

	/**
	 * Stores acknowledgements and redelivery counts, all or none of them.
	 * @param subscription the name
	 * @param change what has changed; the caller changes nothing of it afterwards
	 * @return completes when it is stored: safe when the broker dies, not always when the
	 * machine does (a message is then delivered again); exceptionally
	 * {@link StorageException}
	 */
	CompletionStage<Void> acknowledge(String subscription, CursorChange change);

	/**
	 * Moves a subscription, forward or backward: what it acknowledged before is
	 * forgotten, and all redelivery counts.
	 * @param subscription the name
	 * @param target where it stands from now on; neither its type nor its counts matter
	 * @return completes when it is stored; exceptionally {@link StorageException}
	 */
	CompletionStage<Void> move(String subscription, Cursor target);

	/**
	 * Deletes a subscription.
	 * @param subscription the name
	 * @return completes when it is deleted; exceptionally {@link StorageException}
	 */
	CompletionStage<Void> delete(String subscription);

	/**
	 * A subscription as it was stored. What it takes, on the disk and in memory, depends
	 * on how many entries are not acknowledged that lie between such as are, and not on
	 * how many are.
	 *
	 * @param type its type
	 * @param acknowledgedUpTo everything up to this position is acknowledged
	 * @param holesUpTo up to this position everything is acknowledged but what is kept of
	 * single entries, the holes; beyond it, only what is kept. Not before
	 * {@code acknowledgedUpTo}
	 * @param entries what is kept of single entries
	 * @param redeliveries for each entry with messages that were delivered in vain, how
	 * often
	 */
	record Cursor(SubscriptionType type, Position acknowledgedUpTo, Position holesUpTo,
			NavigableMap<Position, PartialEntry> entries, NavigableMap<Position, RedeliveryCounts> redeliveries) {

		/**
		 * A cursor without holes.
		 * @param type its type
		 * @param acknowledgedUpTo everything up to this position is acknowledged
		 * @return the cursor
		 */
		public static Cursor at(SubscriptionType type, Position acknowledgedUpTo) {
			return new Cursor(type, acknowledgedUpTo, acknowledgedUpTo, new TreeMap<>(), new TreeMap<>());
		}

	}

	/**
	 * An entry of which not every message is acknowledged.
	 *
	 * @param messages how many it has, or 0 if that is not known, as of one that was
	 * never read
	 * @param acknowledged the indexes of those that are acknowledged; nobody changes it
	 */
	record PartialEntry(int messages, BitSet acknowledged) {

		/**
		 * How many messages are not acknowledged.
		 * @return the number, if it is known how many the entry has
		 */
		public int unacknowledged() {
			return this.messages - this.acknowledged.cardinality();
		}

	}

}
