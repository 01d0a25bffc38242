package io.weir.broker;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import io.weir.broker.store.Damage;
import io.weir.broker.store.ScrubReport;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/**
 * What is stored by a {@link Broker} and is not as it was written: how it is found, and
 * given up. Safe to use from any thread.
 */
public interface DamageAdministration {

	/**
	 * The topics of which something is {@linkplain #damages() damaged}.
	 * @return what was found first, by the name of the topic; asking costs nothing
	 */
	default Map<String, String> damagedTopics() {
		Map<String, String> topics = new TreeMap<>();
		damages().forEach((damage) -> topics.putIfAbsent(damage.topic().name(), damage.reason()));
		return topics;
	}

	/**
	 * What could not be read since the broker was started, because it is not as it was
	 * written, and is still there. Subscriptions stop where they come to it; other topics
	 * are not affected.
	 * @return the damages in the order in which they were found, up to ten thousand;
	 * asking costs nothing
	 */
	List<Damage> damages();

	/**
	 * Reads everything that is stored of a topic and compares it with its checksums, in
	 * the background: one topic at a time and no more than 32 MiB a second, so that all
	 * else goes on. What is found is one of the {@link #damages()} from then on. What the
	 * store or the system has in memory is not read from the disk again.
	 * @param topic the topic's name, or that of one of its partitions
	 * @return what was found, told on a thread of the JVM's common pool; exceptionally a
	 * {@link ProtocolException} that says why it could not be read, also if the broker is
	 * closed before it is done, or has its data in memory
	 * @throws IllegalArgumentException if no topic can have the name
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if nothing is stored of such
	 * a topic
	 */
	CompletableFuture<ScrubReport> scrub(String topic);

	/**
	 * As {@link #scrub(String)}, all topics that are stored, one after the other.
	 * @return what was found
	 * @throws IllegalStateException if the broker is not running
	 */
	CompletableFuture<ScrubReport> scrub();

	/**
	 * Gives up, for good, those of a run of entries that are {@linkplain #damages()
	 * damaged}, so that subscriptions that have stopped there go on: for all of them
	 * their messages count as acknowledged. What is not damaged stays. Waits until it is
	 * stored, up to five seconds; it is carried out all the same if that is too short.
	 * @param topic the topic's name, or that of one of its partitions
	 * @param from the first entry of the run
	 * @param to the last one, which may be the same; the last entry of a topic can be
	 * skipped only after another one was stored
	 * @return the entries that were damaged and are given up, in order; none if all can
	 * be read
	 * @throws IllegalArgumentException if no topic can have the name, or the run ends
	 * before it begins
	 * @throws IllegalStateException if the broker is not running
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if there is no such topic, or
	 * what the store says
	 */
	List<Position> skipDamaged(String topic, Position from, Position to);

}
