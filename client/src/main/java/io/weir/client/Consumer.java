package io.weir.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;
import io.weir.message.MessageId;

/**
 * Receives the messages of one subscription. Safe to use from any thread. Survives the
 * loss of the connection: it subscribes again, and a message that the application was
 * given and has not acknowledged is not given to this consumer a second time, unless it
 * was given back by {@link #negativeAcknowledge}. What was received and not yet given to
 * the application when the connection was lost is dropped, and comes again.
 * <p>
 * Messages have payloads of their own: keeping one keeps no network buffer.
 *
 * @param <T> the type of the values
 */
public interface Consumer<T> extends AutoCloseable {

	/**
	 * Waits for a message.
	 * @return the message
	 * @throws WeirException {@code CLOSED}, or {@code INTERRUPTED} (the thread's flag
	 * stays set)
	 */
	Message<T> receive();

	/**
	 * Waits for a message for a while.
	 * @param timeout how long
	 * @return the message, or {@code null} if none came in time
	 * @throws WeirException {@code CLOSED}, or {@code INTERRUPTED} (the thread's flag
	 * stays set)
	 */
	@Nullable Message<T> receive(Duration timeout);

	/**
	 * Takes the next message without blocking.
	 * @return the message, when there is one; cancelling it takes nothing from the queue.
	 * Completed on an event loop unless a message is there already, so dependents must
	 * not block; fails with {@link WeirException} as {@link #receive()} does
	 */
	CompletableFuture<Message<T>> receiveAsync();

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
	 */
	void acknowledge(MessageId id);

	/**
	 * As {@link #acknowledge(Message)}, and tells when the broker has stored it.
	 * @param id the message's id
	 * @return completes when the acknowledgement is stored, on an event loop, so
	 * dependents must not block; fails with {@link WeirException} if the broker refused
	 * it or the consumer was closed before
	 */
	CompletableFuture<Void> acknowledgeAsync(MessageId id);

	/**
	 * Gives a message back, to be delivered again soon. Does nothing for a message that
	 * this consumer does not hold.
	 * @param message the message
	 * @throws WeirException {@code CLOSED}
	 */
	default void negativeAcknowledge(Message<?> message) {
		negativeAcknowledge(message.id());
	}

	/**
	 * As {@link #negativeAcknowledge(Message)}.
	 * @param id the message's id
	 */
	void negativeAcknowledge(MessageId id);

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
	 * Sends the acknowledgements that are left, leaves the subscription and gives the
	 * stream back. What was received and not acknowledged will be delivered again.
	 * Harmless when closed. Takes 7 seconds at most. Must not be called where futures of
	 * this client are completed.
	 */
	@Override
	void close();

}
