package io.weir.broker.engine;

import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.message.Headers;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Position;

/** What a topic wants the store to carry out; {@link Outcome} says how it went. */
public sealed interface Storing extends Effect
		permits Storing.Asking, Storing.ForgetForwarded, Storing.ForgetProducers, Compacting.Finished, Scheduling {

	/**
	 * To be carried out by the store, and the topic hears how it went.
	 *
	 * @param <T> what comes of it
	 */
	sealed interface Asking<T> extends Storing permits OfSubscription, OfMessages, StoreEpochs, Trim, RemoveDamaged,
			FindNewest, FindExtent, Forward, Scheduling.ReadDue, Scheduling.RemoveScheduled, Compacting {

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

	/** Writes messages. */
	sealed interface OfMessages extends Asking<Position> permits Append, Scheduling.Delay, Scheduling.AppendDue {

		/**
		 * The messages.
		 * @return the bytes, released by the log
		 */
		ByteBuf batch();

	}

	/**
	 * Append an entry.
	 *
	 * @param append the number to give back in {@link Outcome.Appended}
	 * @param header the entry's header
	 * @param batch the messages, released by the log
	 */
	record Append(long append, EntryHeader header, ByteBuf batch) implements OfMessages {

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
	 * @param change what it acknowledged, and what it was delivered in vain
	 */
	record StoreAcknowledgements(SubscriptionId subscription, CursorChange change) implements OfSubscription<Void> {

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
	 * Look for the first entry that has not expired.
	 *
	 * @param subscription the subscription
	 * @param publishTime when it was stored, or later, in milliseconds since 1970
	 */
	record FindExpired(SubscriptionId subscription, long publishTime) implements OfSubscription<Outcome.ExpiredFound> {

		@Override
		public Command done(Outcome.ExpiredFound found) {
			return found;
		}

		@Override
		public boolean awaited() {
			return false;
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
	 * Look for the first entry that is young enough to be kept, and among the newest.
	 *
	 * @param purpose what it is looked for
	 * @param publishTime when it was stored, or later, in milliseconds since 1970
	 * @param offset how many bytes the log has before it at least
	 */
	record FindNewest(KeptFor purpose, long publishTime, long offset) implements Asking<Position> {

		@Override
		public Command done(Position position) {
			return new Outcome.NewestFound(this.purpose, position);
		}

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * Look up how much the log has up to a position and with it.
	 *
	 * @param position the position
	 */
	record FindExtent(Position position) implements Asking<Extent> {

		@Override
		public Command done(Extent extent) {
			return new Outcome.ExtentFound(this.position, extent);
		}

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * Have messages published to another topic: stored there once, however often this is
	 * repeated with the same messages.
	 *
	 * @param purpose what for, such as a subscription's name: the same messages can be
	 * forwarded once for each
	 * @param source where the entry of the messages is stored in this topic
	 * @param firstIndex the index of the first of the messages in the entry
	 * @param target the other topic
	 * @param index what is known of each message
	 * @param encoding how the batch is compressed, and its checksum
	 * @param batch the messages, released by who carries this out
	 */
	record Forward(String purpose, Position source, int firstIndex, Topic target, MessageIndex index,
			BatchEncoding encoding, ByteBuf batch) implements Asking<Void> {

		@Override
		public Command done(Void nothing) {
			return new Outcome.Forwarded(this.purpose, this.source, this.firstIndex, this.target);
		}

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * Have a copy of one message published to another topic, as {@link Forward} does.
	 *
	 * @param subscription whose message it is
	 * @param purpose what for, as {@link Forward#purpose()}
	 * @param source where the entry of the message is stored in this topic
	 * @param index the index of the message in the entry
	 * @param target the other topic
	 * @param headers what the copy says beside the message's own headers
	 */
	record ForwardCopy(SubscriptionId subscription, String purpose, Position source, int index, Topic target,
			Headers headers) implements OfSubscription<Void> {

		@Override
		public Command done(Void nothing) {
			return new Outcome.CopyForwarded(this.subscription, this.source, this.index);
		}

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * Messages of an entry will not be forwarded again, since that is remembered here:
	 * the target may forget them as well. Nobody waits for it.
	 *
	 * @param purpose as it was forwarded
	 * @param source as it was forwarded
	 * @param target as it was forwarded
	 */
	record ForgetForwarded(String purpose, Position source, Topic target) implements Storing {
	}

	/**
	 * Forget what is stored of producers; nobody waits for it.
	 *
	 * @param names their names
	 */
	record ForgetProducers(Set<String> names) implements Storing {
	}

}
