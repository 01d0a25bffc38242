package io.weir.spring;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.message.MessageId;

/**
 * Publishes values: {@code String} and {@code byte[]} as they are, everything else as
 * JSON. Of a {@link org.springframework.messaging.Message} the payload is published, and
 * its headers become those of the message: {@link WeirHeaders#KEY} its key and
 * {@link WeirHeaders#EVENT_TIME} its event time. Safe to use from any thread.
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
	MessageId send(String topic, @Nullable Object value);

	/**
	 * As {@link #send(String, Object)}, where {@link #message(Object)} says.
	 * @param value the value
	 * @return the id that the message was given
	 */
	MessageId send(Object value);

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
	CompletableFuture<MessageId> sendAsync(String topic, @Nullable Object value);

	/**
	 * As {@link #sendAsync(String, Object)}, where {@link #message(Object)} says.
	 * @param value the value
	 * @return the id, later
	 */
	CompletableFuture<MessageId> sendAsync(Object value);

	/**
	 * As {@link #sendAfterCommit(MessageBuilder)}.
	 * @param topic where to
	 * @param value the value, which must not change until it is sent
	 * @return the id, later
	 */
	CompletableFuture<MessageId> sendAfterCommit(String topic, @Nullable Object value);

	/**
	 * Publishes a message when the transaction of this thread has been committed, in the
	 * order of the calls, without waiting; at once if there is none. It is not part of
	 * the transaction: if the process ends between the two, the message is lost.
	 * @param message from {@link #message(String, Object)}; its value must not change
	 * until it is sent
	 * @return the id, once the broker has stored the message; cancelled if the
	 * transaction is rolled back. That a message could not be sent after the commit is
	 * logged, too
	 */
	CompletableFuture<MessageId> sendAfterCommit(MessageBuilder<?> message);

	/**
	 * Begins a message with a key, headers, times, or a delay.
	 * @param topic where to
	 * @param value the value; {@code null} for a message without a payload, which needs a
	 * key and says that there is nothing for it any more, as
	 * {@link io.weir.client.Producer#tombstone}
	 * @return what to add to and send
	 */
	MessageBuilder<Object> message(String topic, @Nullable Object value);

	/**
	 * Begins a message to the topic that its header {@link WeirHeaders#TOPIC} names, if
	 * it is a message of Spring's; else to the one of {@link WeirMessage#topic()} on the
	 * payload's class, else to the default topic.
	 * @param value the value
	 * @return what to add to and send
	 * @throws IllegalArgumentException if there is no such topic
	 */
	MessageBuilder<Object> message(Object value);

	/**
	 * Publishes a request and waits for the reply.
	 * @param topic where to
	 * @param value the request
	 * @param replyType what the reply is read as
	 * @param <R> the type of the reply
	 * @return the reply
	 * @throws io.weir.client.WeirException {@code TIMEOUT} if there is none in time,
	 * {@code SCHEMA} if it cannot be read, or why the request is not sent
	 */
	<R> R sendAndReceive(String topic, Object value, Class<R> replyType);

	/**
	 * As {@link #sendAndReceive}, without blocking.
	 * @param topic where to
	 * @param value the request
	 * @param replyType what the reply is read as
	 * @param <R> the type of the reply
	 * @return the reply, later
	 */
	<R> CompletableFuture<R> sendAndReceiveAsync(String topic, Object value, Class<R> replyType);

	/**
	 * As {@link #sendAndReceive}, without blocking, and with a key or headers.
	 * @param request from {@link #message(String, Object)}; is given the headers
	 * {@link WeirHeaders#REPLY_TOPIC} and {@link WeirHeaders#CORRELATION_ID}, with which
	 * whoever takes it sends the reply
	 * @param replyType what the reply is read as
	 * @param <R> the type of the reply
	 * @return the reply, later
	 */
	<R> CompletableFuture<R> sendAndReceiveAsync(MessageBuilder<?> request, Class<R> replyType);

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
