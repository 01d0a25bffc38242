package io.weir.client;

import java.util.concurrent.CompletableFuture;

import io.weir.message.MessageId;

/**
 * Publishes messages to one topic. Safe to use from any thread, callbacks of the client
 * included; what blocks throws {@link IllegalStateException} on an event loop or timer of
 * a client, at once. Messages of one thread are ordered as {@link Ordering} says.
 * Survives the loss of the connection: what is not yet acknowledged is sent again, in
 * order, and stored once.
 * <p>
 * Messages that wait together are stored together, as a batch: with its first message the
 * send timeout of a batch runs out for all of its messages. A message whose send timed
 * out may still be stored, if it was on its way.
 *
 * <pre class="code">
 * Producer&lt;Order&gt; orders = client.producer(Schema.json(Order.class)).topic("orders").create();
 * MessageId id = orders.send(order);                                  // returns when it is stored
 * CompletableFuture&lt;MessageId&gt; sent = orders.sendAsync(order);        // never blocks
 * orders.message(order).key(order.id()).header("source", "shop").send();
 * </pre>
 *
 * @param <T> the type of the values
 */
public interface Producer<T> extends AutoCloseable {

	/**
	 * Publishes a value and waits until the broker has stored it. While the producer's
	 * queue is full it waits for room, in line with all others that wait.
	 * @param value the value
	 * @return the id that the message was given; on a rare occasion one that is not
	 * {@link MessageId#isKnown() known}: the message is stored, and nobody knows where
	 * @throws WeirException {@code TIMEOUT} after the send timeout, {@code SCHEMA} if the
	 * value cannot be encoded, {@code MESSAGE_TOO_LARGE}, {@code CLOSED},
	 * {@code PRODUCER_FENCED}, {@code INTERRUPTED} (the thread's flag stays set; the
	 * message is taken back if it is not on its way), or what the broker said
	 */
	MessageId send(T value);

	/**
	 * Publishes a value. Never blocks: if the queue is full the result fails with
	 * {@code QUEUE_FULL}, or the message waits for room, as {@link WhenFull} says.
	 * @param value the value
	 * @return the id, once the broker has stored the message, as {@link #send(Object)}
	 * returns it; fails with {@link WeirException} as {@link #send(Object)} does.
	 * Dependents run where {@link WeirClientBuilder#callbackExecutor callbacks} do, those
	 * of one producer in the order of the outcomes, and may use the client in any way.
	 * {@code cancel} takes the message back while it waits for room or for its batch: it
	 * is never stored then, and its room is free. Once the message is in a batch
	 * {@code cancel} does nothing and returns {@code false}
	 */
	CompletableFuture<MessageId> sendAsync(T value);

	/**
	 * Begins a message with a key, headers, times, or a delay.
	 * @param value the value
	 * @return what to add to and send
	 */
	MessageBuilder<T> message(T value);

	/**
	 * Begins a message without a payload: it says that there is nothing for the key any
	 * more. A {@link Table} forgets the key; other consumers find an empty
	 * {@link io.weir.message.Message#payload() payload}, which not every schema can
	 * decode.
	 * @param key the key
	 * @return what to add to and send
	 */
	MessageBuilder<T> tombstone(String key);

	/**
	 * Takes a delayed message back that is not due yet, whoever sent it to the topic, and
	 * waits until that is stored: then it is never delivered.
	 * @param id the id that sending the message returned
	 * @return whether it was taken back; {@code false} if it was delivered, is being
	 * delivered, was cancelled before, or never was a delayed message of the topic
	 * @throws WeirException {@code TIMEOUT} after the send timeout; {@code CLOSED},
	 * {@code INTERRUPTED}, or what the broker said; if the connection was lost, nobody
	 * knows whether it was taken back, and it does no harm to ask again
	 */
	boolean cancelDelayed(MessageId id);

	/**
	 * As {@link #cancelDelayed}, without blocking.
	 * @param id the id that sending the message returned
	 * @return whether it was taken back; fails as that does; dependents run as those of
	 * {@link #flushAsync()}. Cancelling the future changes nothing
	 */
	CompletableFuture<Boolean> cancelDelayedAsync(MessageId id);

	/**
	 * Waits until everything sent before was stored or has failed. Futures are done then;
	 * their dependents may still run.
	 * @throws WeirException {@code INTERRUPTED} or {@code CLOSED}
	 */
	void flush();

	/**
	 * As {@link #flush()}, without blocking.
	 * @return completes when everything sent before was stored or has failed; its
	 * dependents run after theirs
	 */
	CompletableFuture<Void> flushAsync();

	/**
	 * The topic.
	 * @return its name
	 */
	String topic();

	/**
	 * The producer's name.
	 * @return what was configured, or what the broker gave
	 */
	String name();

	/**
	 * How many messages wait for room or for their receipt.
	 * @return the count
	 */
	int pending();

	/**
	 * Accepts nothing more, sends what is queued, and waits until all of it was stored or
	 * has failed: up to the send timeout or 5 seconds, whichever is less, and across a
	 * reconnect. What has no receipt by then fails with {@code CLOSED}; some of it may
	 * have been stored, and a warning says how much it was. Then it tells the broker, and
	 * waits until that has heard it: not if there is no connection or the broker is known
	 * not to answer, no longer than until that is noticed, which takes about a second,
	 * and 2 seconds at most. Harmless when closed.
	 * @throws WeirException {@code INTERRUPTED}; it is closed all the same
	 */
	@Override
	void close();

	/**
	 * As {@link #close()}, without blocking. Whoever closes several begins with all, and
	 * then waits for all: so they take no longer than one.
	 * @return completes when it is closed; dependents run as those of
	 * {@link #flushAsync()}. Cancelling it changes nothing
	 */
	CompletableFuture<Void> closeAsync();

}
