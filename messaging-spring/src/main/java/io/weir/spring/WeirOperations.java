package io.weir.spring;

import java.util.concurrent.CompletableFuture;

import io.weir.client.MessageBuilder;
import io.weir.message.MessageId;

/**
 * Publishes values: {@code String} and {@code byte[]} as they are, everything else as
 * JSON. Safe to use from any thread.
 */
public interface WeirOperations {

	/**
	 * Publishes a value and waits until the broker has stored it.
	 * @param topic where to
	 * @param value the value
	 * @return the id that the message was given
	 * @throws io.weir.client.WeirException as
	 * {@link io.weir.client.Producer#send(Object)}
	 */
	MessageId send(String topic, Object value);

	/**
	 * Publishes a value. Never blocks: if too many messages wait the result fails with
	 * {@code QUEUE_FULL}, or the message waits for room, as
	 * {@code weir.producer.when-full} says.
	 * @param topic where to
	 * @param value the value
	 * @return the id, once the broker has stored the message; dependents run where the
	 * client's callbacks do, and may use the client. {@code cancel} that returns
	 * {@code true} has taken the message back, as with
	 * {@link io.weir.client.Producer#sendAsync(Object)}
	 */
	CompletableFuture<MessageId> sendAsync(String topic, Object value);

	/**
	 * Begins a message with a key, headers, times, or a delay.
	 * @param topic where to
	 * @param value the value
	 * @return what to add to and send
	 */
	MessageBuilder<Object> message(String topic, Object value);

	/**
	 * Takes a delayed message back that is not due yet, as
	 * {@link io.weir.client.Producer#cancelDelayed}.
	 * @param topic where it was sent to
	 * @param id the id that sending it returned
	 * @return whether it was taken back; {@code false} if it was delivered, is being
	 * delivered, or was cancelled before
	 */
	boolean cancelDelayed(String topic, MessageId id);

}
