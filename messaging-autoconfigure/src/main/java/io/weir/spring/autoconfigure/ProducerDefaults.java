package io.weir.spring.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import io.weir.client.Ordering;
import io.weir.client.WhenFull;
import io.weir.message.Compression;

/**
 * Defaults for every producer.
 *
 * @param ordering Order in which messages are stored.
 * @param lanes Number of lanes of a key-ordered producer, each with a stream of its own.
 * @param sendTimeout Time that a message may wait for its receipt.
 * @param maxPending Number of messages that may be queued or in flight, up to 8192.
 * @param maxPendingBytes Size of the messages that may be queued or in flight.
 * @param whenFull What a send that must not block does when the queue is full.
 * @param compression How batches are compressed; needs the library for it, here, at the
 * broker and at the consumers.
 * @param batch how messages are put together
 * @param streamGrowthThreshold Queue depth per open stream at which an unordered producer
 * opens one more stream.
 */
public record ProducerDefaults(@DefaultValue("ordered") Ordering ordering, @DefaultValue("4") Integer lanes,
		@DefaultValue("30s") Duration sendTimeout, @DefaultValue("1000") Integer maxPending,
		@DefaultValue("64MB") DataSize maxPendingBytes, @DefaultValue("fail") WhenFull whenFull,
		@DefaultValue("none") Compression compression, @DefaultValue Batch batch,
		@DefaultValue("100") Integer streamGrowthThreshold) implements ProducerProperties {

	/**
	 * How messages are put together.
	 *
	 * @param maxMessages Number of messages in one batch. 1 turns batching off.
	 * @param maxBytes Size of one batch. A larger message goes alone.
	 * @param linger Time that a batch waits for more messages while others are in flight.
	 */
	public record Batch(@DefaultValue("1000") Integer maxMessages, @DefaultValue("128KB") DataSize maxBytes,
			@DefaultValue("1ms") Duration linger) implements ProducerProperties.BatchProperties {
	}

}
