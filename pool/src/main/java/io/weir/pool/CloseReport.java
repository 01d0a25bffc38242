package io.weir.pool;

/**
 * What {@link Pool#closeAsync} found when the grace period was over.
 *
 * @param stillLent leases that had not been returned; their resources were destroyed
 * @param waitersFailed borrowers that were still waiting and were failed with
 * {@link PoolClosedException}
 */
public record CloseReport(int stillLent, int waitersFailed) {
}
