package io.weir.spring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import io.weir.client.Ordering;
import io.weir.client.WhenFull;
import io.weir.message.AccessMode;
import io.weir.message.Compression;

/**
 * A producer to create as a bean. What is absent is taken from the defaults.
 *
 * @param client Name of the client to publish by. Without one, the default client.
 * @param topic Topic to publish to. Required.
 * @param type Type of the values. Required. String and byte[] are published as they are,
 * every other type as JSON.
 * @param name Name by which the broker knows the producer again, also in a later process.
 * Without one, the broker gives it one for as long as it lives.
 * @param accessMode Who else may publish to the topic under the same name: shared refuses
 * a second producer, exclusive lets it fence the first.
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
public record NamedProducer(@Nullable String client, @Nullable String topic, @Nullable Class<?> type,
		@Nullable String name, @DefaultValue("shared") AccessMode accessMode, @Nullable Ordering ordering,
		@Nullable Integer lanes, @Nullable Duration sendTimeout, @Nullable Integer maxPending,
		@Nullable DataSize maxPendingBytes, @Nullable WhenFull whenFull, @Nullable Compression compression,
		@Nullable Batch batch, @Nullable Integer streamGrowthThreshold) implements ProducerProperties {

	/**
	 * How the messages of one producer are put together.
	 *
	 * @param maxMessages Number of messages in one batch. 1 turns batching off.
	 * @param maxBytes Size of one batch. A larger message goes alone.
	 * @param linger Time that a batch waits for more messages while others are in flight.
	 */
	public record Batch(@Nullable Integer maxMessages, @Nullable DataSize maxBytes,
			@Nullable Duration linger) implements ProducerProperties.BatchProperties {
	}

}
