package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;
import io.weir.message.MessageId;

/**
 * Reads a topic from a place on, in the order stored, without a subscription: it
 * acknowledges nothing, and the broker forgets it when it is closed. Safe to use from any
 * thread. Survives the loss of the connection: it goes on after the last message that the
 * application was given, so that none is left out and none comes twice. (A reader that
 * begins at the end, and has received nothing when the connection is lost, begins at what
 * is the end then.)
 * <p>
 * Memory is bounded as for a {@link Consumer}.
 *
 * <pre class="code">
 * Reader&lt;Order&gt; orders = client.reader(Schema.json(Order.class))
 *     .topic("orders")
 *     .startAt(InitialPosition.EARLIEST)
 *     .create();
 * Message&lt;Order&gt; message = orders.read(Duration.ofSeconds(5));
 * while (message != null) {                                           // none came in 5 seconds
 *     print(message.value());
 *     message = orders.read(Duration.ofSeconds(5));
 * }
 * </pre>
 *
 * @param <T> the type of the values
 */
public interface Reader<T> extends AutoCloseable {

	/**
	 * Waits for the next message.
	 * @return the message
	 * @throws WeirException {@code CLOSED}, {@code INTERRUPTED} (the thread's flag stays
	 * set), or why the broker or the client has ended the reader, such as
	 * {@code CHECKSUM_MISMATCH}: the next messages are damaged; a reader that starts
	 * behind them goes on
	 */
	Message<T> read();

	/**
	 * Waits for the next message for a while.
	 * @param timeout how long: zero or less does not wait, more than 365 days count as
	 * 365
	 * @return the message, or {@code null} if none came in time
	 * @throws WeirException {@code CLOSED}, or {@code INTERRUPTED} (the thread's flag
	 * stays set)
	 */
	@Nullable Message<T> read(Duration timeout);

	/**
	 * Takes the next message without blocking.
	 * @return the message, when there is one; cancelling it leaves the message to the
	 * next one who reads. Dependents run where {@link WeirClientBuilder#callbackExecutor
	 * callbacks} do; fails with {@link WeirException} as {@link #read()} does
	 */
	CompletableFuture<Message<T>> readAsync();

	/**
	 * Goes to a message, and waits until the broker has done so.
	 * @param id the next message to be read; if there is none with this id, the first
	 * after it, and a warning in the log says so if the topic keeps it no longer
	 * @throws IllegalArgumentException if the id is not {@link MessageId#isKnown() known}
	 * @throws WeirException what the broker said, {@code TIMEOUT} after 30 seconds,
	 * {@code CLOSED} or {@code INTERRUPTED}
	 */
	void seek(MessageId id);

	/**
	 * Goes to a moment, and waits until the broker has done so.
	 * @param publishTime the next message to be read is the first that was stored then or
	 * later, by the broker's clock; a warning in the log says so if messages from then on
	 * may be gone
	 * @throws WeirException what the broker said, {@code TIMEOUT} after 30 seconds,
	 * {@code CLOSED} or {@code INTERRUPTED}
	 */
	void seek(Instant publishTime);

	/**
	 * As {@link #seek(MessageId)}, without blocking.
	 * @param id the message
	 * @return completes when no message from before will be given any more
	 * @throws IllegalArgumentException as {@link #seek(MessageId)}
	 */
	CompletableFuture<Void> seekAsync(MessageId id);

	/**
	 * As {@link #seek(Instant)}, without blocking.
	 * @param publishTime the time
	 * @return completes when no message from before will be given any more
	 */
	CompletableFuture<Void> seekAsync(Instant publishTime);

	/**
	 * The topic.
	 * @return its name
	 */
	String topic();

	/**
	 * Whether the broker knows this reader now, as far as is known. Costs nothing.
	 * @return whether it is connected
	 */
	boolean isConnected();

	/**
	 * Ends reading and gives the stream back. Tells the broker, and waits until that has
	 * heard it: not if there is no connection or the broker is known not to answer, no
	 * longer than until that is noticed, which takes about a second, and 2 seconds at
	 * most. Harmless when closed.
	 * @throws WeirException {@code INTERRUPTED}; it is closed all the same
	 */
	@Override
	void close();

	/**
	 * As {@link #close()}, without blocking.
	 * @return completes when it is closed; dependents run as those of
	 * {@link #readAsync()}. Cancelling it changes nothing
	 */
	CompletableFuture<Void> closeAsync();

}
