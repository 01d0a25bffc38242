package io.weir.broker;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;

import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.security.Authenticator;
import io.weir.broker.security.Authorizer;
import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;

/**
 * Configures a {@link Broker}. Setters throw {@link IllegalArgumentException} naming what
 * is allowed.
 */
public interface BrokerBuilder {

	/**
	 * Sets the UDP port.
	 * @param port 0 for any free one; 7750 by default
	 * @return this
	 */
	BrokerBuilder port(int port);

	/**
	 * Sets the address to listen on.
	 * @param address a host name or address; {@code 127.0.0.1} by default
	 * @return this
	 */
	BrokerBuilder bindAddress(String address);

	/**
	 * Listens for clients of this JVM only, without a network, a UDP port or encryption,
	 * but otherwise as ever: for tests, and for an application that talks to its own
	 * broker. Its {@linkplain Broker#serviceUrl() service URL} begins with {@code vm://},
	 * and clients need not trust its certificate. The port becomes 0, any free one of
	 * this JVM's own; those of UDP do not matter.
	 * @return this
	 */
	BrokerBuilder inProcess();

	/**
	 * Sets where data is kept; needs {@code io.weir:messaging-broker-rocksdb}, or another
	 * storage engine that is found with {@link java.util.ServiceLoader}, on the class
	 * path.
	 * @param directory created if missing; without one, data is in memory and gone with
	 * the broker
	 * @return this
	 */
	BrokerBuilder dataDirectory(Path directory);

	/**
	 * Sets what keeps the data, instead of what a {@linkplain #dataDirectory(Path)
	 * directory} or the memory would. What a receipt means is then what the engine says,
	 * so that {@link #durability}, {@link #salvage} and {@link #storageMinFree} are not
	 * allowed; a data directory then only holds the broker's own certificate.
	 *
	 * <p>
	 * The engine is the caller's: the broker never closes it, may be started with it
	 * again, and shares it with other brokers as far as the engine allows that. Close it
	 * after the broker. It is called from many threads, must not block them, and says
	 * with each failure, by {@link io.weir.broker.store.StorageException.Kind}, whether
	 * clients may try again.
	 * @param engine the engine, open from the start of the broker to its end
	 * @return this
	 */
	BrokerBuilder storage(StorageEngine engine);

	/**
	 * Sets whether to give up what is damaged in the data directory, for good, rather
	 * than to refuse it: to go on when there is no copy to restore from. Reads all that
	 * is stored; says in the log what was given up.
	 * @param salvage whether to do so with each start; {@code false} by default
	 * @return this
	 */
	BrokerBuilder salvage(boolean salvage);

	/**
	 * Sets what a receipt means.
	 * @param durability {@link Durability#FSYNC} by default with a data directory;
	 * without one only {@link Durability#MEMORY} is possible
	 * @return this
	 */
	BrokerBuilder durability(Durability durability);

	/**
	 * Sets the broker's certificate and key; without, a self-signed one is made, with a
	 * warning.
	 * @param certificate holds one key with its certificate chain; asked when the broker
	 * starts, and again by {@link Broker#reloadCertificate}
	 * @return this
	 */
	BrokerBuilder certificate(Supplier<KeyManagerFactory> certificate);

	/**
	 * Sets who finds out who clients are. Without one the broker takes everybody, and
	 * listens on loopback only: beyond, it does not start. To take everybody there, too,
	 * say {@link Authenticator#none()}.
	 * @param authenticator asked once for each connection
	 * @return this
	 */
	BrokerBuilder authenticator(Authenticator authenticator);

	/**
	 * Sets who decides what clients may do.
	 * @param authorizer {@link Authorizer#permitAll()} by default
	 * @return this
	 */
	BrokerBuilder authorizer(Authorizer authorizer);

	/**
	 * Sets what the broker calls itself.
	 * @param name the name
	 * @return this
	 */
	BrokerBuilder name(String name);

	/**
	 * Sets the most bytes that one message, or one batch of messages, may have, with keys
	 * and headers. Clients are told. For each connection the broker assembles that much
	 * at a time from fragments.
	 * @param bytes from 1 KiB to 256 MiB; 64 MiB by default
	 * @return this
	 */
	BrokerBuilder maxMessageSize(int bytes);

	/**
	 * Sets how much clients may take of the broker.
	 * @param limits {@link BrokerLimits#defaults()} by default
	 * @return this
	 */
	BrokerBuilder limits(BrokerLimits limits);

	/**
	 * Sets what becomes of the messages of topics, by pattern of their names, as far as
	 * nobody {@linkplain Broker#setPolicies(String, TopicPolicies) says} it of a topic
	 * itself. Of the patterns that match, the first that says something counts, for each
	 * policy by itself.
	 * @param defaults the patterns, the more important first; none by default
	 * @return this
	 * @throws IllegalArgumentException if the topics of a pattern would be compacted and
	 * their oldest messages dropped
	 */
	BrokerBuilder topicDefaults(List<TopicDefaults> defaults);

	/**
	 * Sets how much must stay free on the volume of the data directory for messages to be
	 * taken. With less, publishing is refused with {@code STORAGE_UNAVAILABLE} until
	 * there is a quarter more.
	 * @param bytes 0 for no such limit; by default 256 MiB or a twentieth of the volume,
	 * whichever is less
	 * @return this
	 */
	BrokerBuilder storageMinFree(long bytes);

	/**
	 * Sets who is told of an {@link Error} on a thread of the broker, which has been
	 * logged and has ended what it hit. After an {@link OutOfMemoryError} parts of the
	 * JVM may not work: a process that is only a broker had better end. An embedded
	 * broker by itself never ends its process.
	 * @param listener called on a thread of the broker, which it must not block
	 * @return this
	 */
	BrokerBuilder onError(Consumer<Error> listener);

	/**
	 * Sets what time it is, for tests that turn it. What means a time follows the clock:
	 * when messages were published, are due and expire, and where a subscription goes on
	 * that is moved to a time. Whatever waits for a time is done at most 50 milliseconds
	 * after the clock has come to it, by itself or because it was set. How long something
	 * takes follows the {@linkplain #ticker ticker}; how long a peer has been silent, and
	 * what time the store says in its status, follows neither.
	 * @param clock the system's by default; asked often, from many threads
	 * @return this
	 */
	BrokerBuilder clock(InstantSource clock);

	/**
	 * Sets what measures how long something in a topic takes, for tests that turn it
	 * together with the {@linkplain #clock clock}: until what was delivered and not
	 * acknowledged is overdue, what nobody needs is trimmed, and a topic or the name of a
	 * producer that nobody uses is given up. Connections do not follow it.
	 * @param nanoseconds nanoseconds since any time, never going back;
	 * {@link System#nanoTime()} by default; asked often, from many threads
	 * @return this
	 */
	BrokerBuilder ticker(LongSupplier nanoseconds);

	/**
	 * Creates the broker.
	 * @return the broker, not yet started
	 * @throws IllegalArgumentException if settings contradict each other
	 */
	Broker build();

}
