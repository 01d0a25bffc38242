package io.weir.client;

import java.time.Duration;
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
	 * Has the message delivered at a time by the broker's clock, or a little later, and
	 * not before, whatever the type of the subscription; at once if the time has passed.
	 * Replaces what {@link #deliverAfter} said.
	 *
	 * <p>
	 * The message is stored when it is sent, and comes into the topic when it is due:
	 * then it is given another id and its publish time, and messages that were sent later
	 * and are due earlier have come before it. Until then it can be
	 * {@linkplain Producer#cancelDelayed cancelled}.
	 * @param time the time; kept in milliseconds. One that is further ahead than the
	 * broker allows, by default 365 days, makes the sending fail with
	 * {@code INVALID_REQUEST}
	 * @return this
	 */
	MessageBuilder<T> deliverAt(Instant time);

	/**
	 * As {@link #deliverAt}, at a time that the broker counts from when it stores the
	 * message, so that the client's clock does not matter. Replaces what
	 * {@link #deliverAt} said.
	 * @param delay how long; kept in milliseconds; at once if it is zero or negative
	 * @return this
	 */
	MessageBuilder<T> deliverAfter(Duration delay);

	/**
	 * Has the message delivered only as long as so much time has not passed, by the
	 * broker's clock, since it was stored, or since it was due if it was delayed: then
	 * the broker acknowledges it for the subscription. A consumer that has it already
	 * keeps it. Topics and subscriptions may have a shorter time for all messages.
	 * @param time how long; kept in milliseconds; never delivered if it is zero or
	 * negative
	 * @return this
	 */
	MessageBuilder<T> expiresAfter(Duration time);

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
