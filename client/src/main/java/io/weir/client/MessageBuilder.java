package io.weir.client;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import io.weir.message.MessageId;

/**
 * A message in the making. Not for use by several threads, and sent once.
 *
 * @param <T> the type of the value
 */
public interface MessageBuilder<T> {

	/**
	 * Sets the key, by which {@link Ordering#KEY_ORDERED} keeps order.
	 * @param key the key, at most 1024 bytes of UTF-8
	 * @return this
	 */
	MessageBuilder<T> key(String key);

	/**
	 * Adds a header, or replaces the one with this name.
	 * @param name the name, at most 1024 bytes of UTF-8
	 * @param value the value, at most 64 KiB of UTF-8
	 * @return this
	 */
	MessageBuilder<T> header(String name, String value);

	/**
	 * Sets when the thing that the message tells of happened.
	 * @param eventTime the time; kept in milliseconds
	 * @return this
	 */
	MessageBuilder<T> eventTime(Instant eventTime);

	/**
	 * As {@link Producer#send(Object)}.
	 * @return the id
	 */
	MessageId send();

	/**
	 * As {@link Producer#sendAsync(Object)}.
	 * @return the id, later
	 */
	CompletableFuture<MessageId> sendAsync();

}
