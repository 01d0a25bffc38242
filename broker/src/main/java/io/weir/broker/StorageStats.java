package io.weir.broker;

import io.weir.broker.store.StorageStatus;

/**
 * How the broker's store is.
 *
 * @param status its state, since when and why
 * @param waitingBytes bytes of messages that wait to be stored
 * @param refused batches of messages refused because they could not be stored at the
 * time, since the broker was started
 */
public record StorageStats(StorageStatus status, long waitingBytes, long refused) {

}
