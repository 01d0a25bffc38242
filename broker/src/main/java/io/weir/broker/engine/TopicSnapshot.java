package io.weir.broker.engine;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;

/**
 * A topic at one moment.
 *
 * @param name its name
 * @param policies what becomes of its messages
 * @param traffic what went in and out since the topic was opened
 * @param space what its log takes
 * @param delayed messages that wait until they are due
 * @param producers the producers connected
 * @param subscriptions the subscriptions
 */
public record TopicSnapshot(String name, Policies policies, Traffic traffic, Space space, long delayed,
		List<Producer> producers, List<Subscription> subscriptions) {

	/** So many messages for which keys wait are shown of a subscription. */
	public static final int MAX_PARKED = 20;

	/**
	 * What a topic's log takes.
	 *
	 * @param bytes how many bytes it has
	 * @param backlogBytes how many of them are not acknowledged, as was last looked up
	 * @param refused batches refused since the backlog was too large
	 * @param dropped messages given up for the same reason that somebody had not
	 * acknowledged
	 * @param compaction what came of compaction, or {@code null} if there is none
	 */
	public record Space(long bytes, long backlogBytes, long refused, long dropped, @Nullable Compaction compaction) {

		/** Of a topic that is not compacted. */
		public Space(long bytes, long backlogBytes, long refused, long dropped) {
			this(bytes, backlogBytes, refused, dropped, null);
		}

	}

	/**
	 * What came of the compaction of a topic since it was opened.
	 *
	 * @param running whether the log is being gone through
	 * @param passes how often it was gone through
	 * @param passedAt when it was last, in milliseconds since 1970, or {@code null}
	 * @param messages messages taken out
	 * @param bytes how many bytes they had
	 * @param keys how many keys there were, as far as they are told apart
	 * @param leftOut how many messages stayed since there were more
	 * @param failure why it could not go on when it was last tried, or {@code null}
	 */
	public record Compaction(boolean running, long passes, @Nullable Long passedAt, long messages, long bytes, int keys,
			long leftOut, @Nullable String failure) {
	}

	/**
	 * What went in and out.
	 *
	 * @param messagesIn messages stored
	 * @param bytesIn bytes stored
	 * @param messagesOut messages delivered, repeated deliveries included
	 * @param bytesOut bytes delivered
	 */
	public record Traffic(long messagesIn, long bytesIn, long messagesOut, long bytesOut) {
	}

	/**
	 * A producer that is connected.
	 *
	 * @param name its name
	 * @param epoch its epoch
	 * @param lastSequence the highest sequence id stored, or -1
	 */
	public record Producer(String name, long epoch, long lastSequence) {
	}

	/**
	 * A subscription.
	 *
	 * @param name its name
	 * @param type its type
	 * @param durable whether it outlives its consumers; if not, the log is not kept for
	 * it
	 * @param backlog messages stored and not acknowledged
	 * @param inFlight messages delivered and not acknowledged
	 * @param oldestUnacknowledged when the oldest message that is with a consumer was
	 * stored, in milliseconds since 1970, or {@code null}
	 * @param redelivered messages delivered that had been delivered before, counted as
	 * all here since the topic was opened or the subscription was moved
	 * @param delayed messages that were given back and wait to be delivered again
	 * @param parkedKeys keys whose later messages wait for those (of KEY_SHARED
	 * subscriptions; as many as can be told apart by 16 bits of their hash)
	 * @param parked the first messages for which keys wait, {@value #MAX_PARKED} at most
	 * @param deadLetters messages that are given up and are not in the dead-letter topic
	 * yet
	 * @param deadLettersMade messages that have gone there
	 * @param expired messages that were not delivered because they had expired
	 * @param trimmed messages that were trimmed before they were delivered
	 * @param stopped why nothing more is read for it, which is a damaged entry that it
	 * has come to, or {@code null}
	 * @param consumers the consumers connected
	 */
	public record Subscription(String name, SubscriptionType type, boolean durable, long backlog, long inFlight,
			@Nullable Long oldestUnacknowledged, long redelivered, int delayed, int parkedKeys, List<Parked> parked,
			int deadLetters, long deadLettersMade, long expired, long trimmed, @Nullable String stopped,
			List<Consumer> consumers) {
	}

	/**
	 * A message that was given back, and for which others of its key wait.
	 *
	 * @param id its id
	 * @param redeliveries how often it was delivered in vain
	 */
	public record Parked(MessageId id, int redeliveries) {
	}

	/**
	 * A consumer that is connected.
	 *
	 * @param name its name
	 * @param permits how many messages it may still be sent
	 * @param inFlight messages delivered to it and not acknowledged
	 */
	public record Consumer(String name, int permits, long inFlight) {
	}

}
