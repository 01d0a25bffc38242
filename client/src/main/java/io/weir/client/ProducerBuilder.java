package io.weir.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Schema;

/**
 * Configures and creates a {@link Producer}. Setters throw
 * {@link IllegalArgumentException} naming what is allowed.
 *
 * @param <T> the type of the values
 */
public interface ProducerBuilder<T> {

	/**
	 * A builder without a client, for whoever has settings to check before there is one,
	 * or a customizer to test: it takes and refuses what others do, but cannot create a
	 * producer.
	 * @return a builder whose create methods throw {@link IllegalStateException}
	 */
	static ProducerBuilder<byte[]> unattached() {
		return new DefaultProducerBuilder<>(null, Schema.bytes());
	}

	/**
	 * Sets the topic. Required.
	 * @param topic a name as {@link io.weir.message.Topic} allows
	 * @return this
	 */
	ProducerBuilder<T> topic(String topic);

	/**
	 * Sets the name by which the broker recognises duplicates, also from a later process.
	 * @param name the name; by default the broker gives a unique one
	 * @return this
	 */
	ProducerBuilder<T> name(String name);

	/**
	 * Sets the order that is promised.
	 * @param ordering {@link Ordering#ORDERED} by default
	 * @return this
	 */
	ProducerBuilder<T> ordering(Ordering ordering);

	/**
	 * Sets the number of lanes, and so of streams, of {@link Ordering#KEY_ORDERED}.
	 * @param lanes from 1 to the maximum of the stream pool; 4 by default
	 * @return this
	 */
	ProducerBuilder<T> lanes(int lanes);

	/**
	 * Sets whether the producer does without streams of its own, and shares a few, an
	 * eighth of the pool, with all other producers of its connection that do: for many
	 * producers of which each has little to send. Order is kept as promised. But what the
	 * others send on the same stream may come before, and the loss of a packet holds up
	 * all of them.
	 * @param share {@code false} by default
	 * @return this
	 */
	ProducerBuilder<T> shareStreams(boolean share);

	/**
	 * Sets who else may publish under the same name.
	 * @param accessMode {@link AccessMode#SHARED} by default
	 * @return this
	 */
	ProducerBuilder<T> accessMode(AccessMode accessMode);

	/**
	 * Sets how long a message may wait for its receipt before its send fails; before
	 * that, it may wait as long for room in the queue.
	 * @param sendTimeout from a millisecond to 365 days; 30 seconds by default
	 * @return this
	 */
	ProducerBuilder<T> sendTimeout(Duration sendTimeout);

	/**
	 * Sets how many messages may be queued or in flight: no more than those among which a
	 * broker can tell duplicates. The partitions of a topic share them out, at least one
	 * for each.
	 * @param maxPending from 1 to 8192; 1000 by default
	 * @return this
	 */
	ProducerBuilder<T> maxPending(int maxPending);

	/**
	 * Sets how many bytes the messages that are queued or in flight may have, as they are
	 * encoded with their keys and headers. A message that is larger by itself is taken
	 * when no other is pending.
	 * @param maxBytes from 1; 64 MiB by default
	 * @return this
	 */
	ProducerBuilder<T> maxPendingBytes(long maxBytes);

	/**
	 * Sets what {@link Producer#sendAsync} does when the queue is full.
	 * @param whenFull {@link WhenFull#FAIL} by default
	 * @return this
	 */
	ProducerBuilder<T> whenFull(WhenFull whenFull);

	/**
	 * Sets how many messages go into one batch at most.
	 * @param maxMessages from 1, which turns batching off; 1000 by default
	 * @return this
	 */
	ProducerBuilder<T> batchMaxMessages(int maxMessages);

	/**
	 * Sets how many bytes go into one batch at most; a larger message goes alone.
	 * @param maxBytes from 1; 128 KiB by default
	 * @return this
	 */
	ProducerBuilder<T> batchMaxBytes(int maxBytes);

	/**
	 * Sets how long a batch waits for more messages while others are in flight.
	 * @param linger up to 365 days; 1 millisecond by default; means nothing to
	 * {@link Ordering#UNORDERED}, which sends as soon as a stream is free
	 * @return this
	 */
	ProducerBuilder<T> batchLinger(Duration linger);

	/**
	 * Sets how batches are compressed; one that does not become smaller is sent as it is.
	 * Sizes that are configured mean bytes before compression. Needs a library, see
	 * {@link Compression}: here, at the broker, which else refuses the producer with
	 * {@code NOT_SUPPORTED}, and at the consumers.
	 * @param compression {@link Compression#NONE} by default
	 * @return this
	 */
	ProducerBuilder<T> compression(Compression compression);

	/**
	 * Sets the queue depth per open stream at which {@link Ordering#UNORDERED} opens one
	 * more stream.
	 * @param threshold from 1; 100 by default
	 * @return this
	 */
	ProducerBuilder<T> streamGrowthThreshold(int threshold);

	/**
	 * Creates the producer and waits for the broker to accept it.
	 * @return the producer, which the caller must close
	 * @throws WeirException what the broker said, such as {@code PRODUCER_BUSY};
	 * {@code TIMEOUT} after the send timeout, or why there is no connection if that does
	 * not go away by itself; {@code INVALID_CONFIGURATION}, {@code CLOSED} or
	 * {@code INTERRUPTED}
	 */
	Producer<T> create();

	/**
	 * As {@link #create()}, without blocking.
	 * @return the producer, later
	 */
	CompletableFuture<Producer<T>> createAsync();

	/**
	 * Creates a producer that the broker gets to know with its first message, so that
	 * nobody has to wait for a broker before there is something to send. Until the broker
	 * has accepted it messages wait as they do for their receipt: no more than the queue
	 * holds, each for the send timeout; {@link Producer#send} waits for room,
	 * {@link Producer#sendAsync} as {@link WhenFull} says. If the broker refuses the
	 * producer for good, or because its name is taken, what waits fails with the reason,
	 * and the next message has the broker asked again. Until then its
	 * {@link Producer#name() name} is empty, unless one was configured.
	 * @return the producer, which the caller must close
	 * @throws WeirException {@code INVALID_CONFIGURATION}
	 */
	Producer<T> createLazily();

}
