/**
 * Publishes: queues, batches, lanes of streams, and sending again what has no receipt.
 */
@NullMarked
package io.weir.client.internal.producer;

import org.jspecify.annotations.NullMarked;
