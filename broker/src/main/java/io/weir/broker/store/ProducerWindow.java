package io.weir.broker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.wire.Limits;

/**
 * The recent entries of one producer, for storage engines: those that end within the
 * highest {@value io.weir.wire.Limits#MAX_IN_FLIGHT} sequence ids. Not thread-safe.
 */
public final class ProducerWindow {

	private final NavigableMap<Long, StoredBatch> byLastSequence = new TreeMap<>();

	/**
	 * Adds an entry and forgets what falls out of the window thereby, which may be the
	 * entry itself.
	 * @param batch the entry
	 */
	public void add(StoredBatch batch) {
		this.byLastSequence.put(batch.firstSequence() + batch.count() - 1, batch);
		this.byLastSequence.headMap(start(this.byLastSequence.lastKey()), false).clear();
	}

	/**
	 * The entries in the window.
	 * @return a snapshot, ascending by sequence id
	 */
	public List<StoredBatch> batches() {
		return new ArrayList<>(this.byLastSequence.values());
	}

	/**
	 * The lowest sequence id in the window.
	 * @param highestSequence the highest one
	 * @return the sequence id, which may be less than any that was used
	 */
	public static long start(long highestSequence) {
		return highestSequence - Limits.MAX_IN_FLIGHT + 1;
	}

}
