package io.weir.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.weir.message.Schema;
import io.weir.pool.PoolStats;
import io.weir.transport.TransportOptions;
import io.weir.wire.ProtocolException;

/**
 * A client of one broker: makes producers and consumers, which share its connections and
 * their pools of tested streams. Connects by itself and for ever, until closed. Safe to
 * use from any thread; one is enough for an application. It does not keep the JVM alive.
 *
 * <pre class="code">
 * try (WeirClient client = WeirClient.builder().serviceUrl("weir://localhost").fingerprint(sha256).build();
 *         Producer&lt;String&gt; producer = client.producer(Schema.string()).topic("greetings").create()) {
 *     MessageId id = producer.send("hello");
 * }
 * </pre>
 */
public interface WeirClient extends AutoCloseable {

	/**
	 * Begins to configure a client.
	 * @return a builder with the defaults
	 */
	static WeirClientBuilder builder() {
		return new DefaultWeirClientBuilder();
	}

	/**
	 * Loads the native library and the classes that the first client needs, for whoever
	 * has a thread to spare before it is built. Opens no socket and leaves no thread.
	 * @throws WeirException {@code INVALID_CONFIGURATION} if there is no native QUIC
	 * library for this platform
	 */
	static void preload() {
		try {
			Carrier.QUIC.open(TransportOptions.DEFAULTS, "weir-preload").close();
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	/**
	 * Begins to configure a producer.
	 * @param schema how values become payloads
	 * @param <T> the type of the values
	 * @return the builder
	 */
	<T> ProducerBuilder<T> producer(Schema<T> schema);

	/**
	 * Begins to configure a consumer.
	 * @param schema how payloads become values
	 * @param <T> the type of the values
	 * @return the builder
	 */
	<T> ConsumerBuilder<T> consumer(Schema<T> schema);

	/**
	 * Begins to configure a reader.
	 * @param schema how payloads become values
	 * @param <T> the type of the values
	 * @return the builder
	 */
	<T> ReaderBuilder<T> reader(Schema<T> schema);

	/**
	 * As {@link #table(Schema, String, TableListener)}, when nobody need be told of
	 * changes.
	 * @param schema how payloads become values
	 * @param topic a name as {@link io.weir.message.Topic} allows
	 * @param <T> the type of the values
	 * @return the table, which the caller must close
	 */
	default <T> Table<T> table(Schema<T> schema, String topic) {
		return table(schema, topic, (key, before, after) -> {
		});
	}

	/**
	 * Reads a topic from its oldest message on, and waits until everything has been read
	 * that is stored by then; the table then goes on with what is published. That may
	 * take long, and goes on when the connection was lost; whoever does not want to wait
	 * so long uses {@link #tableAsync}.
	 * @param schema how payloads become values
	 * @param topic a name as {@link io.weir.message.Topic} allows
	 * @param listener told of each change, from the oldest message on
	 * @param <T> the type of the values
	 * @return the table, which the caller must close
	 * @throws WeirException what the broker said, {@code CHECKSUM_MISMATCH} if messages
	 * are damaged; {@code TIMEOUT} if the broker has not accepted the reader after 30
	 * seconds, or why there is no connection if that does not go away by itself;
	 * {@code CLOSED} or {@code INTERRUPTED}
	 */
	<T> Table<T> table(Schema<T> schema, String topic, TableListener<? super T> listener);

	/**
	 * As {@link #table(Schema, String, TableListener)}, without blocking.
	 * @param schema how payloads become values
	 * @param topic a name as {@link io.weir.message.Topic} allows
	 * @param listener told of each change, from the oldest message on
	 * @param <T> the type of the values
	 * @return the table, when everything has been read; cancelling it ends the reading
	 */
	<T> CompletableFuture<Table<T>> tableAsync(Schema<T> schema, String topic, TableListener<? super T> listener);

	/**
	 * What the connection is doing; with several, the best of their states.
	 * @return the state; held, not measured: asking costs nothing
	 */
	ConnectionState state();

	/**
	 * What each connection is doing. A {@link ConnectionListener} is told when that
	 * changes.
	 * @return one for each connection, in a fixed order; held, not measured
	 */
	List<ConnectionInfo> connections();

	/**
	 * Why the last attempt to connect failed, or how the last connection was lost.
	 * @return the failure, or {@code null} while the connection is up or none was tried
	 */
	@Nullable WeirException lastFailure();

	/**
	 * Completes when a session is up for the first time; with several connections, that
	 * of the first one.
	 * @return fails with {@link WeirException} if the very first attempt fails, while the
	 * client goes on trying, or if the client is closed before
	 */
	CompletionStage<Void> connected();

	/**
	 * The broker's address as configured.
	 * @return the service URL
	 */
	String serviceUrl();

	/**
	 * The statistics of the stream pools.
	 * @return by the name of the pool, one for each connection
	 */
	Map<String, PoolStats> pools();

	/**
	 * How many batches of messages have come to the client's consumers and readers with
	 * other bytes than those that were published. Their messages are not given to the
	 * application: each batch is asked for once more, over another connection; if it is
	 * no better then, its messages become dead letters where there is a
	 * {@link DeadLetterPolicy}, else its consumer or reader ends with
	 * {@code CHECKSUM_MISMATCH}.
	 * @return the number since the client was made
	 */
	long damagedBatches();

	/**
	 * Destroys the idle streams of a pool; the pool opens what its minimum asks for.
	 * @param pool the pool's name, a key of {@link #pools()}
	 * @throws IllegalArgumentException if there is no such pool
	 */
	void evictIdleStreams(String pool);

	/**
	 * Changes how many streams a pool keeps and may have, while it runs and for the
	 * connections that follow. What is too much is closed: idle streams first, then those
	 * that are lent when they come back.
	 * @param pool the pool's name, a key of {@link #pools()}
	 * @param minSize how many streams are kept at least, from 0 to the maximum
	 * @param maxSize how many streams there may be, from 1 to
	 * {@value StreamPoolSettings#MAX_STREAMS}
	 * @throws IllegalArgumentException if there is no such pool, or naming the size that
	 * is not allowed
	 */
	void resizePool(String pool, int minSize, int maxSize);

	/**
	 * Closes the producers and consumers that are still open, side by side, then the
	 * connections. Harmless when closed. Waits for all that the broker could still
	 * confirm, and for the calls of listeners that are under way, as
	 * {@link Producer#close()} and {@link Consumer#close()} say, and so as long as the
	 * slowest of them takes, however many there are: without a broker no time if nothing
	 * is unconfirmed, else 5 seconds. What has not ended by then fails, and one warning
	 * says what that is. If the thread is interrupted, closes at once.
	 */
	@Override
	void close();

}
