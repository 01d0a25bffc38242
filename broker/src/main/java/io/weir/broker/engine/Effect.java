package io.weir.broker.engine;

import java.util.BitSet;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.message.Position;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;

/**
 * Everything that a topic wants to have done: values, carried out by others in the order
 * given.
 */
public sealed interface Effect {

	/** To be carried out by the store; a {@link Command} says how it went. */
	sealed interface Storing extends Effect {

	}

	/** To be told to a client. */
	sealed interface Telling extends Effect {

		/**
		 * Whom to tell.
		 * @return the address
		 */
		ReplyTo to();

	}

	// Storage

	/**
	 * Append an entry.
	 *
	 * @param append the number to give back in {@link Command.Appended}
	 * @param header the entry's header
	 * @param batch the messages, released by the log
	 */
	record Append(long append, EntryHeader header, ByteBuf batch) implements Storing {
	}

	/**
	 * Read entries for a subscription, which has one read under way at most.
	 *
	 * @param subscription the subscription
	 * @param from where to begin
	 * @param maxEntries how many entries at most
	 * @param maxBytes how many bytes at most, though one entry at least
	 */
	record Read(SubscriptionId subscription, Position from, int maxEntries, int maxBytes) implements Storing {
	}

	/**
	 * Store a new subscription.
	 *
	 * @param subscription the subscription
	 * @param type its type
	 * @param acknowledgedUpTo after which position it begins
	 */
	record CreateCursor(String subscription, SubscriptionType type, Position acknowledgedUpTo) implements Storing {
	}

	/**
	 * Store what a subscription acknowledged; it has one such effect under way at most.
	 *
	 * @param subscription the subscription
	 * @param acknowledgedUpTo everything up to there is acknowledged
	 * @param entries of changed entries beyond it, the messages acknowledged
	 */
	record StoreAcknowledgements(SubscriptionId subscription, Position acknowledgedUpTo,
			Map<Position, BitSet> entries) implements Storing {
	}

	/**
	 * Look for the entry where a subscription shall go on.
	 *
	 * @param subscription the subscription
	 * @param publishTime when it was stored, or later, in milliseconds since 1970
	 */
	record FindTime(SubscriptionId subscription, long publishTime) implements Storing {
	}

	/**
	 * Move a subscription, and forget what it acknowledged before.
	 *
	 * @param subscription the subscription
	 * @param acknowledgedUpTo everything up to there counts as acknowledged
	 * @param entries of entries beyond it, the messages that count as acknowledged
	 */
	record MoveCursor(SubscriptionId subscription, Position acknowledgedUpTo,
			Map<Position, BitSet> entries) implements Storing {
	}

	/**
	 * Delete a subscription.
	 *
	 * @param subscription the subscription
	 */
	record DeleteCursor(SubscriptionId subscription) implements Storing {
	}

	/**
	 * Count messages that were not read, for the backlog figures.
	 *
	 * @param subscription the subscription
	 * @param skipped whether they were passed over, rather than are still to be read
	 * @param after count what comes after this position
	 * @param upTo the last position to count
	 */
	record CountMessages(SubscriptionId subscription, boolean skipped, Position after,
			Position upTo) implements Storing {
	}

	/**
	 * Forget what is stored of producers; nobody waits for it.
	 *
	 * @param names their names
	 */
	record ForgetProducers(Set<String> names) implements Storing {
	}

	// Clients

	/**
	 * Answers {@link Command.OpenProducer}.
	 *
	 * @param to whom
	 * @param name the producer's name
	 * @param epoch its epoch
	 * @param lastSequence the highest sequence id stored, or -1
	 */
	record ProducerOpened(ReplyTo to, String name, long epoch, long lastSequence) implements Telling {
	}

	/**
	 * Answers {@link Command.Publish}.
	 *
	 * @param to whom
	 * @param position the entry
	 * @param duplicate whether it had been stored before
	 */
	record Stored(ReplyTo to, Position position, boolean duplicate) implements Telling {
	}

	/**
	 * A request was carried out.
	 *
	 * @param to whom
	 */
	record Done(ReplyTo to) implements Telling {
	}

	/**
	 * Answers {@link Command.Unsubscribe}: the subscription is removed, and its consumer.
	 *
	 * @param to whom
	 * @param consumer the consumer
	 */
	record Unsubscribed(ReplyTo to, Peer consumer) implements Telling {
	}

	/**
	 * A request was not carried out.
	 *
	 * @param to whom
	 * @param code what is wrong
	 * @param reason what is wrong here, for people
	 * @param consumer the consumer that was not subscribed, if that was asked for
	 * @param producer the producer that was not opened, if that was asked for
	 */
	record Refused(ReplyTo to, ErrorCode code, String reason, @Nullable Peer consumer,
			@Nullable Peer producer) implements Telling {

		/**
		 * A request of a consumer or producer that is there, or of one that never was.
		 */
		Refused(ReplyTo to, ErrorCode code, String reason) {
			this(to, code, reason, null, null);
		}

		static Refused of(ReplyTo to, StorageFailure failure) {
			return new Refused(to, failure.code(), failure.reason());
		}

	}

	/**
	 * Messages for a consumer; {@link Command.DeliveryWritten} says when the network took
	 * them.
	 *
	 * @param to whom
	 * @param topic the topic
	 * @param consumer the consumer
	 * @param entry the entry, but with the bytes of a run of its messages only; released
	 * by who carries this out
	 * @param firstIndex the index of the first message of the run
	 * @param count how many messages the run has
	 * @param redeliveryCount how often the messages were delivered before
	 * @param passOver messages of the run, counted from its beginning, that are not
	 * meant: acknowledged, or not for this consumer now
	 * @param ordered whether it must not overtake, nor be overtaken by, other deliveries
	 * to the consumer
	 */
	record Deliver(ReplyTo to, Topic topic, Peer consumer, Entry entry, int firstIndex, int count, int redeliveryCount,
			BitSet passOver, boolean ordered) implements Telling {
	}

	/**
	 * A producer was removed.
	 *
	 * @param to whom
	 * @param producer the producer
	 * @param code why
	 * @param reason why, for people
	 */
	record ProducerClosed(ReplyTo to, Peer producer, ErrorCode code, String reason) implements Telling {
	}

	/**
	 * A consumer was removed.
	 *
	 * @param to whom
	 * @param consumer the consumer
	 * @param code why
	 * @param reason why, for people
	 */
	record ConsumerClosed(ReplyTo to, Peer consumer, ErrorCode code, String reason) implements Telling {
	}

}
