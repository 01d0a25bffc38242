package io.weir.broker.store;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;

/**
 * Keeps the logs of all topics. Safe to use from any thread. Stages complete on the
 * engine's own threads, which the caller must not block, or before they are returned.
 */
public interface StorageEngine extends AutoCloseable {

	/**
	 * What it means when an append has completed.
	 * @return the level
	 */
	Durability durability();

	/**
	 * The topics that exist.
	 * @return a snapshot
	 */
	Set<Topic> topics();

	/**
	 * What was found to be damaged since the engine was opened, and is still there: what
	 * is stored is not what was written. Asking costs nothing.
	 * @return the damages, up to ten thousand; a snapshot
	 */
	default List<Damage> damages() {
		return List.of();
	}

	/**
	 * Reads everything that is stored of a topic and compares it with its checksums, in
	 * the background: after what was asked for before, slowly enough that all else goes
	 * on, and whatever the topic's writer does meanwhile. What is found is one of the
	 * {@linkplain #damages() damages} from then on.
	 * @param topic the topic
	 * @return what was found; exceptionally {@link StorageException}, also if the store
	 * is closed before it is done, and by default, because this engine cannot
	 */
	default CompletionStage<ScrubReport> scrub(Topic topic) {
		return CompletableFuture
			.failedFuture(new StorageException("Only what is stored in a data directory can be verified", null));
	}

	/**
	 * Small values that all brokers of the store share.
	 * @return the metadata
	 */
	MetadataStore metadata();

	/**
	 * Who owns what, of the brokers that share the store.
	 * @return the service
	 */
	OwnershipService ownership();

	/**
	 * Opens a topic's log, creating it if need be. A topic has one writer: opening fences
	 * every earlier one, of any broker that shares the engine, whose log then refuses to
	 * write with a {@link StorageException} of kind {@link StorageException.Kind#FENCED}
	 * and is {@linkplain TopicLog#lost() lost}.
	 * @param topic the topic
	 * @param ownerEpoch the epoch of the {@linkplain OwnershipService ownership} of what
	 * the topic belongs to; who has the same one opens the log again
	 * @return the log with what is stored beside it; exceptionally
	 * {@link StorageException}, of kind {@link StorageException.Kind#FENCED} if the topic
	 * was opened with a higher epoch, which is not forgotten
	 */
	CompletionStage<OpenedLog> open(Topic topic, long ownerEpoch);

	/**
	 * How the store is, as was last found out: asking costs nothing.
	 * @return the status
	 */
	StorageStatus status();

	/**
	 * Why entries cannot be appended now. Whoever asks before appending spares the log,
	 * which after a failed append has to be opened again.
	 * @return the reason, or {@code null} if they can
	 */
	@Nullable StorageException refusal();

	/**
	 * Completes what was asked, then closes all logs. Harmless when closed.
	 */
	@Override
	void close();

}
