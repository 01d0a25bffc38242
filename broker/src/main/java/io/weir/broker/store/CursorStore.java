package io.weir.broker.store;

import java.util.BitSet;
import java.util.Map;
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
	 * @param acknowledgedUpTo everything up to this position is acknowledged; what was
	 * kept of single entries up to it may be forgotten
	 * @param entries beyond that position: for each entry changed, the indexes of all its
	 * messages that are acknowledged
	 * @param redeliveries beyond that position: for each entry changed, how often its
	 * messages were delivered in vain; an empty one is forgotten
	 * @return completes when it is stored: safe when the broker dies, not always when the
	 * machine does (a message is then delivered again); exceptionally
	 * {@link StorageException}
	 */
	CompletionStage<Void> acknowledge(String subscription, Position acknowledgedUpTo, Map<Position, BitSet> entries,
			Map<Position, RedeliveryCounts> redeliveries);

	/**
	 * Stores acknowledgements where no redelivery counts have changed.
	 * @param subscription the name
	 * @param acknowledgedUpTo everything up to this position is acknowledged
	 * @param entries beyond that position: for each entry changed, the indexes of all its
	 * messages that are acknowledged
	 * @return as the other method
	 */
	default CompletionStage<Void> acknowledge(String subscription, Position acknowledgedUpTo,
			Map<Position, BitSet> entries) {
		return acknowledge(subscription, acknowledgedUpTo, entries, Map.of());
	}

	/**
	 * Moves a subscription, forward or backward: what it acknowledged before is
	 * forgotten, and all redelivery counts.
	 * @param subscription the name
	 * @param acknowledgedUpTo everything up to this position counts as acknowledged
	 * @param entries beyond that position: for single entries, the indexes of messages
	 * that count as acknowledged
	 * @return completes when it is stored; exceptionally {@link StorageException}
	 */
	CompletionStage<Void> move(String subscription, Position acknowledgedUpTo, Map<Position, BitSet> entries);

	/**
	 * Deletes a subscription.
	 * @param subscription the name
	 * @return completes when it is deleted; exceptionally {@link StorageException}
	 */
	CompletionStage<Void> delete(String subscription);

	/**
	 * A subscription as it was stored.
	 *
	 * @param type its type
	 * @param acknowledgedUpTo everything up to this position is acknowledged
	 * @param entries beyond that position: for each entry with acknowledged messages,
	 * their indexes
	 * @param redeliveries beyond that position: for each entry with messages that were
	 * delivered in vain, how often
	 */
	record Cursor(SubscriptionType type, Position acknowledgedUpTo, NavigableMap<Position, BitSet> entries,
			NavigableMap<Position, RedeliveryCounts> redeliveries) {

		/**
		 * One that remembers no deliveries.
		 * @param type its type
		 * @param acknowledgedUpTo everything up to this position is acknowledged
		 * @param entries beyond that position: for each entry with acknowledged messages,
		 * their indexes
		 */
		public Cursor(SubscriptionType type, Position acknowledgedUpTo, NavigableMap<Position, BitSet> entries) {
			this(type, acknowledgedUpTo, entries, new TreeMap<>());
		}

	}

}
