package io.weir.client;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The latest value of each key of a topic, held in the heap and kept up to date: each
 * message sets the value of its key, and one without a payload
 * ({@link Producer#tombstone}, or whatever a schema encodes as nothing) deletes the key.
 * Safe to use from any thread; reading never waits.
 * <p>
 * Survives the loss of the connection: it then has what it had, and catches up when there
 * is a connection again; {@link #isConnected()} tells. When it cannot go on, as the
 * client is closed, the broker refuses it for good or messages are damaged, reading it
 * throws why: nobody is given old values for new ones. A message without a key belongs to
 * no entry, and a value that cannot be decoded takes its key out of the table; each is
 * logged and {@link #passedOver() counted}.
 *
 * <pre class="code">
 * try (Table&lt;Price&gt; prices = client.table(Schema.json(Price.class), "prices")) {
 *     Price price = prices.get("ACME");               // null if there is none
 *     prices.forEach((symbol, latest) -> print(symbol, latest));
 * }
 * </pre>
 *
 * @param <T> the type of the values
 */
public interface Table<T> extends AutoCloseable {

	/**
	 * The latest value of a key.
	 * @param key the key
	 * @return the value, or {@code null} if there is none
	 * @throws WeirException {@code CLOSED}, or why the table cannot go on
	 */
	@Nullable T get(String key);

	/**
	 * Whether a key has a value.
	 * @param key the key
	 * @return whether it has
	 * @throws WeirException as {@link #get}
	 */
	boolean containsKey(String key);

	/**
	 * How many keys have a value.
	 * @return the number
	 * @throws WeirException as {@link #get}
	 */
	int size();

	/**
	 * The whole table as it is between two messages.
	 * @return a copy, which does not change
	 * @throws WeirException as {@link #get}
	 */
	Map<String, T> snapshot();

	/**
	 * Does something with each entry of a {@link #snapshot()}.
	 * @param action given each key and its value
	 * @throws WeirException as {@link #get}
	 */
	default void forEach(BiConsumer<? super String, ? super T> action) {
		Objects.requireNonNull(action, "action");
		snapshot().forEach(action);
	}

	/**
	 * How many messages had no key, or a value that cannot be decoded.
	 * @return the number since the table was made
	 */
	long passedOver();

	/**
	 * The topic.
	 * @return its name
	 */
	String topic();

	/**
	 * Whether the table follows its topic now, as far as is known. Costs nothing.
	 * @return whether it is connected
	 */
	boolean isConnected();

	/**
	 * Ends it, as {@link Reader#close()} does. Harmless when closed.
	 * @throws WeirException {@code INTERRUPTED}; it is closed all the same
	 */
	@Override
	void close();

	/**
	 * As {@link #close()}, without blocking.
	 * @return completes when it is closed. Cancelling it changes nothing
	 */
	CompletableFuture<Void> closeAsync();

}
