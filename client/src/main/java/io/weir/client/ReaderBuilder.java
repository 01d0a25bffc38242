package io.weir.client;

import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

import io.weir.message.InitialPosition;
import io.weir.message.MessageId;

/**
 * Configures and creates a {@link Reader}. Setters throw {@link IllegalArgumentException}
 * naming what is allowed.
 *
 * @param <T> the type of the values
 */
public interface ReaderBuilder<T> {

	/**
	 * Sets the topic. Required.
	 * @param topic a name as {@link io.weir.message.Topic} allows
	 * @return this
	 */
	ReaderBuilder<T> topic(String topic);

	/**
	 * Begins with a message. One of the places to start at is required. If the topic has
	 * partitions, the others are read from their beginning. {@code create} fails with
	 * {@code INVALID_REQUEST} if the id is of a partition that the topic does not have.
	 * @param id the first message to be read; if there is none with this id, the first
	 * after it, and a warning in the log says so if the topic keeps it no longer
	 * @return this
	 * @throws IllegalArgumentException if the id is not {@link MessageId#isKnown() known}
	 */
	ReaderBuilder<T> startAt(MessageId id);

	/**
	 * Begins at a moment.
	 * @param publishTime the first message to be read is the first that was stored then
	 * or later, by the broker's clock
	 * @return this
	 */
	ReaderBuilder<T> startAt(Instant publishTime);

	/**
	 * Begins after a message.
	 * @param id the last message that is not given
	 * @return this
	 * @throws IllegalArgumentException as {@link #startAt(MessageId)}
	 */
	ReaderBuilder<T> startAfter(MessageId id);

	/**
	 * Begins at one end of the topic.
	 * @param position the oldest message that there still is, or what comes after the
	 * newest
	 * @return this
	 */
	ReaderBuilder<T> startAt(InitialPosition position);

	/**
	 * Goes on where another reader of the topic has come to in each of its partitions.
	 * @param ids the last message that was read of each partition, as
	 * {@link io.weir.message.Message#partition} says; those of which there is none begin
	 * at the place to start at, which is required all the same. None undoes this
	 * @return this
	 * @throws IllegalArgumentException if an id is not {@link MessageId#isKnown() known},
	 * or two are of one partition
	 */
	ReaderBuilder<T> resumeAfter(Collection<MessageId> ids);

	/**
	 * Reads some partitions of the topic only, so that several readers may divide it. One
	 * that the topic does not have is waited for.
	 * @param numbers from 0 to 1023, as {@link io.weir.message.Message#partition} says;
	 * none for all partitions that there are and will be, which is the default
	 * @return this
	 */
	ReaderBuilder<T> partitions(int... numbers);

	/**
	 * Passes over messages that have a later one with their key, as far as the broker has
	 * found out: it looks for them if the topic has the policy {@code compaction}. The
	 * latest message of each key is read in any case, and so are all that come from now
	 * on, in order; other messages, those without a key among them, may be. Of a topic
	 * without the policy everything is read.
	 * @return this
	 */
	ReaderBuilder<T> compacted();

	/**
	 * Sets the name that endpoints of the broker show.
	 * @param name the name; by default one made from the client's name
	 * @return this
	 */
	ReaderBuilder<T> name(String name);

	/**
	 * Sets how many messages the broker may send ahead.
	 * @param size from 1; 1000 by default
	 * @return this
	 */
	ReaderBuilder<T> receiverQueueSize(int size);

	/**
	 * As {@link ConsumerBuilder#receiverQueueBytes(long)}.
	 * @param bytes from 1; 64 MiB by default
	 * @return this
	 */
	ReaderBuilder<T> receiverQueueBytes(long bytes);

	/**
	 * Creates the reader and waits for the broker to accept it.
	 * @return the reader, which the caller must close
	 * @throws WeirException what the broker said; {@code TIMEOUT} after 30 seconds, or
	 * why there is no connection if that does not go away by itself;
	 * {@code INVALID_CONFIGURATION}, {@code CLOSED} or {@code INTERRUPTED}
	 */
	Reader<T> create();

	/**
	 * As {@link #create()}, without blocking.
	 * @return the reader, later
	 */
	CompletableFuture<Reader<T>> createAsync();

}
