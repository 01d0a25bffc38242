package io.weir.message;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A message as a consumer receives it. Safe to use from any thread.
 *
 * @param <T> the type of the value
 */
public interface Message<T> {

	/**
	 * The id that the broker gave the message when it stored it.
	 * @return the id, unique within the topic
	 */
	MessageId id();

	/**
	 * The topic that the message was published to.
	 * @return the topic's name
	 */
	String topic();

	/**
	 * The partition of the topic that the message is in.
	 * @return its number, from 0; 0 if the topic has no partitions
	 */
	default int partition() {
		return MessageIds.partition(id());
	}

	/**
	 * The decoded payload. Decoding happens here, so that a message that cannot be
	 * decoded can still be received, looked at and acknowledged.
	 * @return the value
	 * @throws RuntimeException if the payload cannot be decoded: the client's exception
	 * with the code {@code SCHEMA}
	 */
	T value();

	/**
	 * The payload as it was published.
	 * @return a copy of the bytes
	 */
	byte[] payload();

	/**
	 * The key, by which related messages are kept in order.
	 * @return the key, or {@code null} if the message has none
	 */
	@Nullable String key();

	/**
	 * The headers that the producer set.
	 * @return the headers
	 */
	Headers headers();

	/**
	 * When the broker stored the message, by the broker's clock.
	 * @return the time, in milliseconds
	 */
	Instant publishTime();

	/**
	 * When the thing that the message tells of happened.
	 * @return what the producer set, or {@code null}
	 */
	@Nullable Instant eventTime();

	/**
	 * Who published the message.
	 * @return the producer's name
	 */
	String producerName();

	/**
	 * The producer's number for the message, growing by one with each message.
	 * @return the sequence id
	 */
	long sequenceId();

	/**
	 * How often the broker has delivered the message on this subscription before and got
	 * no acknowledgement. The count survives a restart of the broker, but perhaps for
	 * what it counted last.
	 * @return 0 at the first delivery
	 */
	int redeliveryCount();

	/**
	 * Where the message came from, if it is in a dead-letter topic because a consumer
	 * gave it up.
	 * @return the origin, or {@code null} if the message is no dead letter
	 */
	default @Nullable DeadLetterOrigin deadLetterOrigin() {
		return DeadLetterOrigin.of(headers());
	}

}
