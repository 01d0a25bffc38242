package io.weir.broker.store;

import java.util.List;

import io.weir.broker.store.TopicLog.StoredBatch;

/**
 * What is stored of a producer.
 *
 * @param epochs its epochs
 * @param batches the recent entries that matter for recognising duplicates, at least
 * those with the highest {@value io.weir.wire.Limits#MAX_IN_FLIGHT} sequence ids,
 * ascending by sequence id
 */
public record StoredProducer(Epochs epochs, List<StoredBatch> batches) {

	/**
	 * The epochs that a producer was given. Each opening has a higher one than the last.
	 *
	 * @param since the epoch in which the latest producer of the name came; whoever has a
	 * lower one is fenced
	 * @param current the epoch of its latest opening
	 */
	public record Epochs(long since, long current) {

		/** Of a name that was never opened. */
		public static final Epochs NONE = new Epochs(-1, -1);

	}

}
