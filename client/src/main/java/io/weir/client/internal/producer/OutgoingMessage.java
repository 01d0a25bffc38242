package io.weir.client.internal.producer;

import java.util.concurrent.CompletableFuture;

import io.weir.message.MessageId;
import io.weir.wire.MessageRecord;

/**
 * A message on its way to the broker.
 *
 * @param record what to publish
 * @param size how many bytes it takes in a batch
 * @param queuedAt when it was accepted, in the timer's nanoseconds
 * @param future completed when it is stored or has failed
 */
record OutgoingMessage(MessageRecord record, int size, long queuedAt, CompletableFuture<MessageId> future) {
}
