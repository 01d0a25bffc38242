package io.weir.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import io.weir.pool.PoolListener;

/**
 * Configures a {@link WeirClient}. Setters throw {@link IllegalArgumentException} naming
 * what is allowed. Of {@link #trust}, {@link #fingerprint} and {@link #insecure} at most
 * one may be used; without any, the JVM's trust store decides.
 */
public interface WeirClientBuilder {

	/**
	 * Sets the broker's address.
	 * @param serviceUrl {@code weir://host[:port][,host[:port]…]}; default
	 * {@code weir://localhost:7750}. Several addresses lead to the same messages; they
	 * are tried in turn, each attempt beginning with another one, and a broker that goes
	 * away is left for the next. Names are resolved anew at each attempt. What begins
	 * with {@code vm://} is a broker in this JVM, as its {@code serviceUrl()} says, whose
	 * certificate need not be trusted
	 * @return this
	 */
	WeirClientBuilder serviceUrl(String serviceUrl);

	/**
	 * Sets what the client calls itself towards the broker.
	 * @param name the name
	 * @return this
	 */
	WeirClientBuilder name(String name);

	/**
	 * Sets the number of connections, each on its own event loop. Producers and consumers
	 * are given to them in turn.
	 * @param connections from 1, which is the default
	 * @return this
	 */
	WeirClientBuilder connections(int connections);

	/**
	 * Sets whom to trust.
	 * @param trust asked at each attempt to connect, so that certificates can be replaced
	 * @return this
	 */
	WeirClientBuilder trust(Supplier<TrustManagerFactory> trust);

	/**
	 * Accepts one certificate only, and that without any further check.
	 * @param sha256 the certificate's SHA-256 in hex, with or without colons
	 * @return this
	 */
	WeirClientBuilder fingerprint(String sha256);

	/**
	 * Accepts one certificate only, which may change while the client runs.
	 * @param sha256 as in {@link #fingerprint(String)}, asked at each attempt to connect,
	 * by any thread
	 * @return this
	 */
	WeirClientBuilder fingerprint(Supplier<String> sha256);

	/**
	 * Sets the client's own certificate and key, for brokers that ask for one (mutual
	 * TLS).
	 * @param certificate holds a key with its certificate chain; asked at each attempt to
	 * connect, by any thread, so that the certificate can be replaced. As long as it is
	 * the same object, TLS sessions are resumed
	 * @return this
	 */
	WeirClientBuilder certificate(Supplier<KeyManagerFactory> certificate);

	/**
	 * Accepts any certificate, with a warning.
	 * @return this
	 */
	WeirClientBuilder insecure();

	/**
	 * Sets the credential.
	 * @param token the token
	 * @return this
	 */
	WeirClientBuilder token(String token);

	/**
	 * Sets how long one attempt to connect may take.
	 * @param timeout from a millisecond to 24 days; 5 seconds by default
	 * @return this
	 */
	WeirClientBuilder connectTimeout(Duration timeout);

	/**
	 * Sets how often the control stream is pinged, unless the broker asks for more: three
	 * pings within the time for which it keeps silent sessions. A broker that does not
	 * answer for three intervals is taken as lost; one from which no packet comes is
	 * taken as lost after one and a half, but not before 3 seconds. That is for a client
	 * that does nothing else: while it waits for an answer, another connection is tried
	 * after a few round trips.
	 * @param interval from 100 milliseconds to 20 seconds; 10 seconds by default
	 * @return this
	 */
	WeirClientBuilder heartbeatInterval(Duration interval);

	/**
	 * Sets the stream pool of each connection.
	 * @param settings {@link StreamPoolSettings#DEFAULTS} by default
	 * @return this
	 */
	WeirClientBuilder pool(StreamPoolSettings settings);

	/**
	 * Sets how the names of connections and their stream pools begin, so that those of
	 * several clients in one application can be told apart.
	 * @param prefix {@code weir} by default: the pools are {@code weir-0}, {@code weir-1}
	 * and so on
	 * @return this
	 * @throws IllegalArgumentException if it is blank
	 */
	WeirClientBuilder poolNamePrefix(String prefix);

	/**
	 * Sets who hears of what happens in the pools.
	 * @param listeners gives the listener of a pool by the pool's name, a key of
	 * {@link WeirClient#pools()}; asked again when a connection was lost and its pool
	 * made anew. Listeners are called on any thread and must be quick
	 * @return this
	 */
	WeirClientBuilder poolListener(Function<String, PoolListener> listeners);

	/**
	 * Adds somebody who hears what the connections are doing.
	 * @param listener told of every state of each connection
	 * @return this
	 */
	WeirClientBuilder connectionListener(ConnectionListener listener);

	/**
	 * Sets where the application's code runs that the client calls: dependents of its
	 * futures and stages, and connection listeners. Those of one producer, consumer or
	 * reader begin in order, one after the other. One that waits for a future, other than
	 * the client's own, for a tenth of a second, or does not return for more than half a
	 * second, is left behind, and what follows runs beside it on another thread.
	 * Callbacks may block and may use the client. What its blocking methods and its own
	 * futures wait for never depends on this executor; but a future that is made of those
	 * of the client, such as {@code CompletableFuture.allOf(…)}, is completed by
	 * callbacks. {@code join} on it in a callback never ends if this executor has no
	 * other thread, and nobody can notice: with a single thread, go on with
	 * {@code thenRun} and the like. The executor should have more threads than there are
	 * callbacks that block at a time, and should not run tasks on the thread that gives
	 * them.
	 * @param executor the application's, which stays open; what it refuses runs on a new
	 * thread. By default virtual threads if there are, else as many daemon threads as are
	 * needed
	 * @return this
	 */
	WeirClientBuilder callbackExecutor(Executor executor);

	/**
	 * Creates the client, which begins to connect in the background.
	 * @return the client, which the caller must close
	 * @throws WeirException {@code INVALID_CONFIGURATION} naming what is wrong and what
	 * is allowed
	 */
	WeirClient build();

}
