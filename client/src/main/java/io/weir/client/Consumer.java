package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.message.Backlog;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;

/**
 * Receives the messages of one subscription. Safe to use from any thread, callbacks of
 * the client included; what blocks throws {@link IllegalStateException} on an event loop
 * or timer of a client, at once. Survives the loss of the connection: it subscribes
 * again, and a message that the application was given and has not acknowledged is not
 * given to this consumer a second time, unless it was given back by
 * {@link #negativeAcknowledge}, or not acknowledged in the time that the subscription's
 * policy allows. What was received and not yet given to the application when the
 * connection was lost is dropped, and comes again.
 * <p>
 * Messages have payloads of their own: keeping one keeps no network buffer. What was
 * received and not yet given to the application is bounded by the builder's
 * {@link ConsumerBuilder#receiverQueueSize} and
 * {@link ConsumerBuilder#receiverQueueBytes}; of each message that the application has,
 * or has not acknowledged, or had when the connection was last lost, the id is kept.
 * <p>
 * With a {@link ConsumerBuilder#messageListener listener} the methods that receive throw
 * {@link IllegalStateException}.
 *
 * <pre class="code">
 * Consumer&lt;Order&gt; orders = client.consumer(Schema.json(Order.class))
 *     .topic("orders")
 *     .subscription("billing")
 *     .subscribe();
 * Message&lt;Order&gt; message = orders.receive();
 * try {
 *     bill(message.value());
 *     orders.acknowledge(message);
 * }
 * catch (BillingException ex) {
 *     orders.negativeAcknowledge(message);                            // it comes again
 * }
 * </pre>
 *
 * @param <T> the type of the values
 */
public interface Consumer<T> extends AutoCloseable {

	/**
	 * Waits for a message.
	 * @return the message
	 * @throws WeirException {@code CLOSED}, {@code INTERRUPTED} (the thread's flag stays
	 * set), or why the broker or the client has ended the consumer, such as
	 * {@code CHECKSUM_MISMATCH}: the next messages are damaged, as
	 * {@link WeirClient#damagedBatches()} explains
	 */
	Message<T> receive();

	/**
	 * Waits for a message for a while.
	 * @param timeout how long: zero or less does not wait, more than 365 days count as
	 * 365
	 * @return the message, or {@code null} if none came in time
	 * @throws WeirException {@code CLOSED}, or {@code INTERRUPTED} (the thread's flag
	 * stays set)
	 */
	@Nullable Message<T> receive(Duration timeout);

	/**
	 * Takes the next message without blocking.
	 * @return the message, when there is one; cancelling it takes nothing from the queue.
	 * Dependents run where {@link WeirClientBuilder#callbackExecutor callbacks} do, and
	 * may use the client in any way; fails with {@link WeirException} as
	 * {@link #receive()} does
	 */
	CompletableFuture<Message<T>> receiveAsync();

	/**
	 * Waits until there are so many messages, or the time is over.
	 * @param maxMessages how many messages to take at most, from 1
	 * @param timeout how long to wait for that many, as for {@link #receive(Duration)}
	 * @return the messages that came in time, in the order of {@link #receive()}; an
	 * empty list if none did
	 * @throws WeirException {@code CLOSED}, or {@code INTERRUPTED} (the thread's flag
	 * stays set); no message is taken then
	 */
	List<Message<T>> batchReceive(int maxMessages, Duration timeout);

	/**
	 * Says that a message is done with. Does not wait: acknowledgements are grouped, and
	 * sent again after a reconnect until the broker has confirmed them.
	 * @param message the message
	 * @throws WeirException {@code CLOSED}
	 */
	default void acknowledge(Message<?> message) {
		acknowledge(message.id());
	}

	/**
	 * As {@link #acknowledge(Message)}.
	 * @param id the message's id
	 * @throws WeirException {@code INVALID_REQUEST} if no message of the topic can have
	 * the id, or it is not {@link MessageId#isKnown() known}; {@code CLOSED}
	 */
	void acknowledge(MessageId id);

	/**
	 * As {@link #acknowledge(Message)}, and tells when the broker has stored it.
	 * @param id the message's id
	 * @return completes when the acknowledgement is stored; dependents run as those of
	 * {@link #receiveAsync()}; fails with {@link WeirException} if the broker refused it
	 * or the consumer was closed before
	 */
	CompletableFuture<Void> acknowledgeAsync(MessageId id);

	/**
	 * As {@link #acknowledgeAsync(MessageId)}.
	 * @param message the message
	 * @return completes when the acknowledgement is stored
	 */
	default CompletableFuture<Void> acknowledgeAsync(Message<?> message) {
		return acknowledgeAsync(message.id());
	}

	/**
	 * Says that a message and all that come before it in the topic are done with. Does
	 * not wait, as {@link #acknowledge(Message)}.
	 * @param message the message
	 * @throws WeirException {@code INVALID_REQUEST} unless the subscription is
	 * {@code EXCLUSIVE} or {@code FAILOVER}; {@code CLOSED}
	 */
	default void acknowledgeCumulative(Message<?> message) {
		acknowledgeCumulative(message.id());
	}

	/**
	 * As {@link #acknowledgeCumulative(Message)}.
	 * @param id the message's id
	 */
	void acknowledgeCumulative(MessageId id);

	/**
	 * As {@link #acknowledgeCumulative(Message)}, and tells when the broker has stored
	 * it.
	 * @param id the message's id
	 * @return as {@link #acknowledgeAsync(MessageId)}; fails at once with
	 * {@code INVALID_REQUEST} unless the subscription is {@code EXCLUSIVE} or
	 * {@code FAILOVER}
	 */
	CompletableFuture<Void> acknowledgeCumulativeAsync(MessageId id);

	/**
	 * Gives a message back, to be delivered again after the delay that
	 * {@link ConsumerBuilder#negativeAckRedeliveryBackoff} asks for; others go on
	 * meanwhile. Does nothing for a message that this consumer does not hold, or that was
	 * acknowledged. Acknowledging it before the delay is over takes this back. It waits
	 * at the broker, also when the consumer is closed meanwhile; a broker that is
	 * restarted, or has not heard of it when the connection is lost, delivers it at once.
	 * @param message the message
	 * @return what becomes of it, or {@code null} if this does nothing
	 * @throws WeirException {@code CLOSED}
	 */
	default @Nullable Redelivery negativeAcknowledge(Message<?> message) {
		return negativeAcknowledge(message.id());
	}

	/**
	 * As {@link #negativeAcknowledge(Message)}.
	 * @param id the message's id
	 * @return what becomes of it, or {@code null} if this does nothing
	 */
	@Nullable Redelivery negativeAcknowledge(MessageId id);

	/**
	 * As {@link #negativeAcknowledge(Message)}, and says why: should the message become a
	 * dead letter, {@link io.weir.message.DeadLetterOrigin#error()} tells what was said
	 * last.
	 * @param message the message
	 * @param error what is wrong with the message, for people; the first 1000 characters
	 * are told
	 * @return what becomes of it, or {@code null} if this does nothing
	 */
	default @Nullable Redelivery negativeAcknowledge(Message<?> message, String error) {
		return negativeAcknowledge(message);
	}

	/**
	 * As {@link #negativeAcknowledge(Message)}, after a delay of its own.
	 * @param id the message's id
	 * @param delay how long to wait; zero or less gives the message back at once, more
	 * than 365 days count as 365
	 * @return what becomes of it, or {@code null} if this does nothing
	 */
	@Nullable Redelivery negativeAcknowledge(MessageId id, Duration delay);

	/**
	 * As {@link #negativeAcknowledge(MessageId, Duration)}.
	 * @param message the message
	 * @param delay how long to wait
	 * @return what becomes of it, or {@code null} if this does nothing
	 */
	default @Nullable Redelivery negativeAcknowledge(Message<?> message, Duration delay) {
		return negativeAcknowledge(message.id(), delay);
	}

	/**
	 * As {@link #negativeAcknowledge(Message, String)}, for a message that could not be
	 * processed.
	 * @param message the message
	 * @param delay how long to wait, as {@link #negativeAcknowledge(MessageId, Duration)}
	 * has it; {@code null} leaves that to the back-off
	 * @param failure why it could not be
	 * @return what becomes of it, or {@code null} if this does nothing
	 */
	@Nullable Redelivery negativeAcknowledge(Message<?> message, @Nullable Duration delay, Throwable failure);

	/**
	 * Gives a message up: it becomes a dead letter now, however often it was delivered.
	 * Without a topic for dead letters it is given back as
	 * {@link #negativeAcknowledge(Message, Duration, Throwable)} does, and the answer
	 * says so. An administrator may have told the broker of a topic for dead letters of
	 * which this consumer knows nothing; then it goes there, whatever the answer says.
	 * @param message the message
	 * @param delay how long to wait where there is no topic for dead letters;
	 * {@code null} leaves that to the back-off
	 * @param failure why it is given up
	 * @return what becomes of it, or {@code null} if this does nothing
	 * @throws WeirException {@code CLOSED}
	 */
	@Nullable Redelivery deadLetter(Message<?> message, @Nullable Duration delay, Throwable failure);

	/**
	 * Moves the subscription, and waits until the broker has done so. What this consumer
	 * has received, holds or has acknowledged before is forgotten: what was sent before
	 * has no effect on what is delivered afterwards. Acknowledgements that were not
	 * confirmed yet are void; their futures complete, since nobody will have to
	 * acknowledge again. Other consumers of the subscription are disconnected and
	 * subscribe again. If the connection is lost meanwhile, the broker is asked again.
	 * Messages of a {@code SHARED} subscription that were on their way may come late, as
	 * there is no order among them. If the topic has partitions, the subscription is
	 * moved in that of the message only.
	 * @param id the next message to be delivered; if there is none with this id, the
	 * first after it, and a warning in the log says so if the topic keeps it no longer
	 * @throws IllegalArgumentException if the id is not {@link MessageId#isKnown() known}
	 * @throws WeirException {@code INVALID_REQUEST} if the id is of a partition that the
	 * topic does not have, what the broker said, {@code TIMEOUT} after 30 seconds (it may
	 * have been done then), {@code CLOSED} or {@code INTERRUPTED}
	 */
	void seek(MessageId id);

	/**
	 * As {@link #seek(MessageId)}, to a moment, in all partitions.
	 * @param publishTime the next message to be delivered is the first that was stored
	 * then or later, by the broker's clock; a warning in the log says so if messages from
	 * then on may be gone
	 */
	void seek(Instant publishTime);

	/**
	 * As {@link #seek(MessageId)}, without blocking. Until it is done, messages from
	 * before may still be given.
	 * @param id the message
	 * @return completes when it is done; dependents run as those of
	 * {@link #receiveAsync()}
	 * @throws IllegalArgumentException as {@link #seek(MessageId)}
	 */
	CompletableFuture<Void> seekAsync(MessageId id);

	/**
	 * As {@link #seek(Instant)}, without blocking.
	 * @param publishTime the time
	 * @return as {@link #seekAsync(MessageId)}
	 */
	CompletableFuture<Void> seekAsync(Instant publishTime);

	/**
	 * Removes the subscription with all that it remembers, and closes the consumer.
	 * @throws WeirException {@code SUBSCRIPTION_BUSY} while it has other consumers, or
	 * what else the broker said; the consumer stays open then. {@code TIMEOUT} after 30
	 * seconds (it may have been done then), {@code CLOSED} or {@code INTERRUPTED}
	 */
	void unsubscribe();

	/**
	 * As {@link #unsubscribe()}, without blocking.
	 * @return completes when it is done; dependents run as those of
	 * {@link #receiveAsync()}
	 */
	CompletableFuture<Void> unsubscribeAsync();

	/**
	 * Asks the broker what the subscription has left to acknowledge: how far its
	 * consumers, others of it included, are behind what is published. A question costs
	 * the broker little; ask every few seconds rather than for each message. If the topic
	 * has partitions, or the consumer several topics, it is that of all together.
	 * @return what the broker answers; dependents run as those of
	 * {@link #receiveAsync()}. Fails with {@link WeirException}: at once with
	 * {@code CONNECTION_LOST} while the consumer is not {@linkplain #isConnected()
	 * connected}, and so if the connection is lost before the answer has come; with
	 * {@code NOT_SUPPORTED} if the broker is of an earlier version; or {@code CLOSED}
	 */
	CompletableFuture<Backlog> backlogAsync();

	/**
	 * Stops asking the broker for more. What was received already stays to be read.
	 */
	void pause();

	/** Takes back {@link #pause()}. */
	void resume();

	/**
	 * The topic.
	 * @return its name
	 */
	String topic();

	/**
	 * The subscription.
	 * @return its name
	 */
	String subscription();

	/**
	 * Whether the broker knows this consumer now, as far as is known. Costs nothing.
	 * @return whether it is connected
	 */
	boolean isConnected();

	/**
	 * Leaves the subscription and gives the stream back. What was received and not
	 * acknowledged will be delivered again. If acknowledgements are not confirmed yet,
	 * waits for that, up to 5 seconds; after a loss of the connection it subscribes once
	 * more for as long as that takes, asks for no messages, and stands in the way of
	 * other consumers only so long. Without such acknowledgements it does not wait for a
	 * connection. Those that were not confirmed in time fail; the broker may have stored
	 * them all the same, and a warning says how many they were. Then it tells the broker,
	 * and waits until that has heard it: not if there is no connection or the broker is
	 * known not to answer, no longer than until that is noticed, which takes about a
	 * second, and 2 seconds at most. Harmless when closed.
	 * <p>
	 * With a listener, waits before that for the call under way, for 5 seconds at most
	 * and without interrupting it, so that what it acknowledges is sent; it is called no
	 * more after that. From within the listener it does not wait for the listener.
	 * @throws WeirException {@code INTERRUPTED}; it is closed all the same
	 */
	@Override
	void close();

	/**
	 * As {@link #close()}, without blocking. Whoever closes several begins with all, and
	 * then waits for all: so they take no longer than one.
	 * @return completes when it is closed; dependents run as those of
	 * {@link #receiveAsync()}. Cancelling it changes nothing
	 */
	CompletableFuture<Void> closeAsync();

}
