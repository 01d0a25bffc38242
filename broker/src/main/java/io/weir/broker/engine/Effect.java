package io.weir.broker.engine;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * Everything that a topic wants to have done: values, carried out by others in the order
 * given.
 */
public sealed interface Effect {

	/** To be carried out by the store. */
	sealed interface Storing extends Effect {

	}

	/**
	 * To be carried out by the store, and the topic hears how it went.
	 *
	 * @param <T> what comes of it
	 */
	sealed interface Asking<T> extends Storing {

		/**
		 * Says that it was carried out.
		 * @param result what came of it
		 * @return what the topic is told
		 */
		Command done(T result);

		/**
		 * Says that it was not carried out.
		 * @param failure why not
		 * @return what the topic is told
		 */
		default Command failed(StorageFailure failure) {
			return new Outcome.Failed(this, failure);
		}

		/**
		 * Whether it is a write, or a request waits for it: the topic's log is opened
		 * again only when all such have their outcome.
		 * @return whether it is awaited
		 */
		default boolean awaited() {
			return true;
		}

	}

	/**
	 * Asked by a subscription.
	 *
	 * @param <T> what comes of it
	 */
	sealed interface OfSubscription<T> extends Asking<T> {

		/**
		 * The subscription.
		 * @return as it is now: the outcome does not concern a later life
		 */
		SubscriptionId subscription();

	}

	/**
	 * Have {@link Command.Tick} come, once; replaces what was wanted before.
	 *
	 * @param time when, in milliseconds since 1970; a little later will do
	 */
	record WakeAt(long time) implements Effect {
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
	 * @param append the number to give back in {@link Outcome.Appended}
	 * @param header the entry's header
	 * @param batch the messages, released by the log
	 */
	record Append(long append, EntryHeader header, ByteBuf batch) implements Asking<Position> {

		@Override
		public Command done(Position position) {
			return new Outcome.Appended(this.append, position);
		}

	}

	/**
	 * Store the epochs of a producer that opens.
	 *
	 * @param producer the producer
	 * @param name its name
	 * @param epochs its epochs from now on
	 */
	record StoreEpochs(Peer producer, String name, Epochs epochs) implements Asking<Void> {

		@Override
		public Command done(Void nothing) {
			return new Outcome.EpochsStored(this.producer, this.epochs);
		}

	}

	/**
	 * Read entries for a subscription, which has one read under way at most.
	 *
	 * @param subscription the subscription
	 * @param from where to begin
	 * @param maxEntries how many entries at most
	 * @param maxBytes how many bytes at most, though one entry at least
	 */
	record Read(SubscriptionId subscription, Position from, int maxEntries,
			int maxBytes) implements OfSubscription<List<Entry>> {

		@Override
		public Command done(List<Entry> entries) {
			return new Outcome.EntriesRead(this.subscription, entries);
		}

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * Store a new subscription.
	 *
	 * @param subscription the subscription
	 * @param type its type
	 * @param acknowledgedUpTo after which position it begins
	 */
	record CreateCursor(SubscriptionId subscription, SubscriptionType type,
			Position acknowledgedUpTo) implements OfSubscription<Void> {

		@Override
		public Command done(Void nothing) {
			return new Outcome.CursorCreated(this.subscription);
		}

	}

	/**
	 * Store what a subscription acknowledged; it has one such effect under way at most.
	 *
	 * @param subscription the subscription
	 * @param acknowledgedUpTo everything up to there is acknowledged
	 * @param entries of changed entries beyond it, the messages acknowledged
	 */
	record StoreAcknowledgements(SubscriptionId subscription, Position acknowledgedUpTo,
			Map<Position, BitSet> entries) implements OfSubscription<Void> {

		@Override
		public Command done(Void nothing) {
			return new Outcome.AcknowledgementsStored(this.subscription);
		}

	}

	/**
	 * Look for the entry where a subscription shall go on.
	 *
	 * @param subscription the subscription
	 * @param publishTime when it was stored, or later, in milliseconds since 1970
	 */
	record FindTime(SubscriptionId subscription, long publishTime) implements OfSubscription<Position> {

		@Override
		public Command done(Position position) {
			return new Outcome.TimeFound(this.subscription, position);
		}

	}

	/**
	 * Move a subscription, and forget what it acknowledged before.
	 *
	 * @param subscription the subscription
	 * @param target what counts as acknowledged from now on
	 */
	record MoveCursor(SubscriptionId subscription, Cursor target) implements OfSubscription<Void> {

		@Override
		public Command done(Void nothing) {
			return new Outcome.CursorMoved(this.subscription, this.target);
		}

	}

	/**
	 * Delete a subscription.
	 *
	 * @param subscription the subscription
	 */
	record DeleteCursor(SubscriptionId subscription) implements OfSubscription<Void> {

		@Override
		public Command done(Void nothing) {
			return new Outcome.CursorDeleted(this.subscription);
		}

	}

	/**
	 * Look up how many messages the log has up to a position from which nothing was read,
	 * for the backlog figures.
	 *
	 * @param subscription the subscription that is there
	 * @param position the position
	 */
	record FindOrdinal(SubscriptionId subscription, Position position) implements OfSubscription<Long> {

		@Override
		public Command done(Long ordinal) {
			return new Outcome.OrdinalFound(this.subscription, this.position, ordinal);
		}

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * Give up the beginning of the log; a topic has one such effect under way at most.
	 *
	 * @param before the first position that must be kept
	 */
	record Trim(Position before) implements Asking<Position> {

		@Override
		public Command done(Position first) {
			return new Outcome.Trimmed(first);
		}

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
	 * @param position the entry, or {@code null} if it had been stored before and is
	 * forgotten
	 * @param duplicate whether it had been stored before
	 */
	record Stored(ReplyTo to, @Nullable Position position, boolean duplicate) implements Telling {
	}

	/**
	 * A request was carried out.
	 *
	 * @param to whom
	 */
	record Done(ReplyTo to) implements Telling {
	}

	/**
	 * Answers {@link Command.Trim}.
	 *
	 * @param to whom
	 * @param first the first position that may hold an entry, which may be an earlier one
	 * than was asked for
	 */
	record Trimmed(ReplyTo to, Position first) implements Telling {
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
	 * @param reason what is wrong here, human-readable
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

		/** Who asks for a subscription and is refused is no consumer. */
		static Refused of(Command.Request request, ErrorCode code, String reason) {
			Peer consumer = (request instanceof Command.Subscribe subscribe) ? subscribe.consumer() : null;
			return new Refused(request.replyTo(), code, reason, consumer, null);
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
	 * @param entry the whole entry, of which a run of messages is meant; released by who
	 * carries this out
	 * @param firstIndex the index of the first message of the run
	 * @param count how many messages the run has
	 * @param redeliveryCount how often the messages were delivered before
	 * @param bytes how many bytes the run has, which {@link Command.DeliveryWritten} says
	 * again
	 * @param passOver messages of the run, counted from its beginning, that are not
	 * meant: acknowledged, or not for this consumer now
	 * @param ordered whether it must not overtake, nor be overtaken by, other deliveries
	 * to the consumer
	 */
	record Deliver(ReplyTo to, Topic topic, Peer consumer, Entry entry, int firstIndex, int count, int redeliveryCount,
			int bytes, BitSet passOver, boolean ordered) implements Telling {
	}

	/**
	 * A producer was removed.
	 *
	 * @param to whom
	 * @param producer the producer
	 * @param code why
	 * @param reason why, human-readable
	 */
	record ProducerClosed(ReplyTo to, Peer producer, ErrorCode code, String reason) implements Telling {
	}

	/**
	 * A consumer was removed.
	 *
	 * @param to whom
	 * @param consumer the consumer
	 * @param code why
	 * @param reason why, human-readable
	 */
	record ConsumerClosed(ReplyTo to, Peer consumer, ErrorCode code, String reason) implements Telling {
	}

}
