package io.weir.broker;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.deadletter.Replay;
import io.weir.broker.store.ScrubReport;
import io.weir.message.MessageId;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * A broker in this JVM. Safe to use from any thread.
 *
 * <pre class="code">
 * try (Broker broker = Broker.builder().port(0).build().start();
 *         WeirClient client = WeirClient.builder()
 *             .serviceUrl(broker.serviceUrl())
 *             .fingerprint(broker.certificateFingerprint())
 *             .build()) {
 *     …
 * }
 * </pre>
 */
public interface Broker extends TopicAdministration, DamageAdministration, AutoCloseable {

	/** So many dead letters are listed at a time, at most. */
	int MAX_DEAD_LETTERS = 1_000;

	/**
	 * Begins to configure a broker.
	 * @return a builder, for one thread at a time
	 */
	static BrokerBuilder builder() {
		return new DefaultBrokerBuilder();
	}

	/**
	 * Opens the store and begins to listen. A broker can be started again after it was
	 * closed. Until then it keeps the JVM alive, with data on disk or in memory, even
	 * when all other threads have ended.
	 * @return this
	 * @throws BrokerException if the port is in use, the data directory is locked or
	 * damaged, or the native QUIC library is missing
	 */
	Broker start();

	/**
	 * Whether the broker is listening.
	 * @return whether it was started and not closed
	 */
	boolean isRunning();

	/**
	 * Where clients connect to.
	 * @return {@code weir://host:port}, with the port really bound
	 * @throws IllegalStateException if the broker is not running
	 */
	String serviceUrl();

	/**
	 * Where the broker listens.
	 * @return the UDP address
	 * @throws IllegalStateException if the broker is not running
	 */
	InetSocketAddress address();

	/**
	 * The SHA-256 of the broker's certificate, for clients that trust by fingerprint.
	 * @return hex digits, lower case
	 * @throws IllegalStateException if the broker is not running
	 */
	String certificateFingerprint();

	/**
	 * Asks for the broker's certificate again, as {@link BrokerBuilder#certificate} was
	 * told it, and shows it to the clients that connect from now on. Connections that
	 * there are go on. May be called by any thread.
	 * @throws BrokerException if it cannot be used; then the present one stays
	 * @throws IllegalStateException if the broker is not running, or has made its
	 * certificate itself
	 */
	void reloadCertificate();

	/**
	 * Whether the certificate was made by the broker itself, for development.
	 * @return whether it is self-signed
	 */
	boolean isSelfSigned();

	/**
	 * Figures of the broker as a whole, which it keeps anyway: no topic is asked, however
	 * many there are. Topics open when they are first used, also by asking what goes on
	 * in them, and count from then on.
	 * @return a snapshot
	 */
	BrokerStats stats();

	/**
	 * How the store is, as was last found out: asking costs nothing.
	 * @return a snapshot
	 * @throws IllegalStateException if the broker is not running
	 */
	StorageStats storage();

	/**
	 * What goes on in the topics that are open, each with its partitions as one. Asks
	 * each of them, and has the others opened, for the next time; where there may be
	 * many, use {@link #topics(String, String, int)}.
	 * @return a snapshot, ordered by name
	 */
	List<TopicStats> topics();

	/**
	 * Reads everything in a data directory that no broker is using, and compares it with
	 * its checksums; changes nothing. Blocks until it is done, which takes as long as
	 * reading the whole directory.
	 * @param directory the data directory
	 * @return what was found
	 * @throws BrokerException if the directory is in use, which names who has it, or is
	 * not that of a broker
	 */
	static ScrubReport scrubDirectory(Path directory) {
		Objects.requireNonNull(directory, "directory");
		return DirectoryStorage.scrub(directory);
	}

	/**
	 * What goes on in some of the topics, each with its partitions as one; only those are
	 * asked, and opened if need be.
	 * @param prefix how their names begin; empty for all
	 * @param after the name after which to begin, such as the last of the page before;
	 * empty for the beginning
	 * @param limit how many at most, from 1
	 * @return a snapshot, ordered by name
	 */
	List<TopicStats> topics(String prefix, String after, int limit);

	/**
	 * What goes on in one topic, with its partitions, or in one partition; no other is
	 * asked, and it is opened if need be.
	 * @param name its name, or that of one of its partitions but the first
	 * @return a snapshot; empty if there is no such topic
	 * @throws IllegalArgumentException if no topic can have the name
	 */
	Optional<TopicStats> topic(String name);

	/**
	 * Gives a topic partitions: logs behind its one name, among which producers share out
	 * messages by key, and of which consumers read all. A topic that exists, with its
	 * messages and subscriptions, can be given more at any time; clients that use it
	 * notice by themselves. Where partitions are shown, the first has the topic's name,
	 * the others are {@code orders#1}, {@code orders#2}. Waits until it is stored.
	 * @param topic the topic's name; it need not exist
	 * @param count how many partitions it has then, from 1 to
	 * {@value Topic#MAX_PARTITIONS}; as many as it has changes nothing
	 * @throws IllegalArgumentException if no topic can have the name, or so many
	 * partitions
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#INVALID_REQUEST} if the topic has more
	 * partitions, or what the store says
	 */
	void partitions(String topic, int count);

	/**
	 * How many partitions a topic has. Asking costs nothing.
	 * @param topic the topic's name
	 * @return from 1; 1 also if there is no such topic
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 */
	int partitions(String topic);

	/**
	 * Moves a subscription to a message, whether or not anybody is connected to it.
	 * Consumers that are subscribe again and go on from there. Waits until it is stored.
	 * @param topic the topic's name
	 * @param subscription the subscription's name
	 * @param id the next message to be delivered, or else the first after it is
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such
	 * subscription, {@link ErrorCode#SUBSCRIPTION_BUSY} while it is being created, moved
	 * or deleted, or what the store says
	 */
	void seek(String topic, String subscription, MessageId id);

	/**
	 * Moves a subscription to a time, as {@link #seek(String, String, MessageId)}.
	 * @param topic the topic's name
	 * @param subscription the subscription's name
	 * @param publishTime what was stored then or later is the next to be delivered
	 */
	void seek(String topic, String subscription, Instant publishTime);

	/**
	 * Deletes a subscription to which nobody is connected. Waits until that is stored.
	 * @param topic the topic's name
	 * @param subscription the subscription's name
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such
	 * subscription, {@link ErrorCode#SUBSCRIPTION_BUSY} if it has consumers, or is being
	 * created, moved or deleted, or what the store says
	 */
	void deleteSubscription(String topic, String subscription);

	/**
	 * Lists what is in a dead-letter topic, whoever has acknowledged it there; payloads
	 * are left out. At most a few thousand messages are looked at: where few are meant, a
	 * page may have none of them though more follow.
	 * @param topic the dead-letter topic's name, or that of one of its partitions
	 * @param filter which dead letters are meant
	 * @param from where to begin, as {@link DeadLetterPage#next()} says; {@code null} for
	 * the beginning
	 * @param limit how many at most, from 1 to {@value #MAX_DEAD_LETTERS}
	 * @return some of them, in the order in which they are stored
	 * @throws IllegalArgumentException if no topic can have the name, or the limit is not
	 * allowed
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such topic, or
	 * what the store says
	 */
	DeadLetterPage deadLetters(String topic, DeadLetterFilter filter, @Nullable MessageId from, int limit);

	/**
	 * Replays one dead letter: publishes it to the partition of the topic that it first
	 * came from, once in effect, whatever dies in between. There it is a new message, for
	 * <em>all</em> subscriptions of that topic, also those that had no difficulty with
	 * it: consumers have to stand that. Its headers say where it first came from, and how
	 * often it was replayed. In the dead-letter topic it is marked as replayed. Waits
	 * until it is stored what is to be done, not until it is done, which
	 * {@link #replay(String)} says.
	 * @param topic the dead-letter topic's name, or that of one of its partitions
	 * @param id the message, as {@link #deadLetters} says
	 * @param again whether it is replayed though it was before
	 * @return how it begins
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such topic or
	 * message, or no topic any more that it came from; {@link ErrorCode#INVALID_REQUEST}
	 * if it was replayed before, or is no dead letter;
	 * {@link ErrorCode#SUBSCRIPTION_BUSY} if a replay of the topic goes on; or what the
	 * store says
	 */
	Replay replay(String topic, MessageId id, boolean again);

	/**
	 * Replays all dead letters that a filter means of those that are there now, in their
	 * order, as {@link #replay(String, MessageId, boolean)}. It goes on in the
	 * background, and when the broker is started again. What cannot be stored now, as
	 * with a topic whose backlog has reached its quota, is tried again; what cannot be
	 * replayed at all, as when its topic was deleted, stays a dead letter, and is
	 * counted.
	 * @param topic the dead-letter topic's name, or that of one of its partitions
	 * @param filter which dead letters are meant
	 * @param again whether also those that were replayed before
	 * @return how it begins
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such topic,
	 * {@link ErrorCode#SUBSCRIPTION_BUSY} if a replay of the topic goes on, or what the
	 * store says
	 */
	Replay replay(String topic, DeadLetterFilter filter, boolean again);

	/**
	 * How far the last replay of a dead-letter topic is.
	 * @param topic the topic's name
	 * @return what is known; empty if none was ever asked for
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException what the store says
	 */
	Optional<Replay> replay(String topic);

	/**
	 * How far the last replay of each dead-letter topic is.
	 * @return the last of each topic that had one, ordered by topic
	 * @throws IllegalStateException if the broker is not running
	 */
	List<Replay> replays();

	/**
	 * Stops a replay for good. What it has replayed stays so; it may be asked for again,
	 * and then begins with what is left.
	 * @param topic the dead-letter topic's name
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if none goes on
	 */
	void stopReplay(String topic);

	/**
	 * Tells the clients to go away, completes what was accepted, and closes the store.
	 * Harmless when closed.
	 */
	@Override
	void close();

}
