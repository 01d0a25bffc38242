package io.weir.broker.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.broker.store.Extent;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** Says how it went what the store was asked for. */
public sealed interface Outcome extends Command {

	/**
	 * Whether the topic opens again only when it has seen this.
	 * @return see {@link Storing.Asking#awaited()}
	 */
	default boolean awaited() {
		return true;
	}

	/**
	 * {@link Storing.Trim} was carried out.
	 *
	 * @param first the first position that may hold an entry
	 */
	record Trimmed(Position first) implements Outcome {
	}

	/**
	 * {@link RemoveDamaged} was carried out.
	 *
	 * @param asked what was asked for
	 * @param entries the entries that were damaged, with how many messages they had
	 */
	record DamagedRemoved(RemoveDamaged asked, Map<Position, Integer> entries) implements Outcome {
	}

	/**
	 * {@link Storing.FindNewest} was carried out.
	 *
	 * @param purpose what it was looked for
	 * @param position the entry
	 */
	record NewestFound(KeptFor purpose, Position position) implements Outcome {

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * {@link Storing.FindExtent} was carried out.
	 *
	 * @param position the position
	 * @param extent how much the log has up to there
	 */
	record ExtentFound(Position position, Extent extent) implements Outcome {

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * {@link Storing.Forward} was carried out.
	 *
	 * @param purpose what for
	 * @param source where the entry of the messages is stored in this topic
	 * @param firstIndex the index of the first of the messages in the entry
	 * @param target where they are stored now
	 */
	record Forwarded(String purpose, Position source, int firstIndex, Topic target) implements Outcome {

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/** Concerns the messages that are delayed. */
	sealed interface OfSchedule extends Outcome {

	}

	/**
	 * {@link Scheduling.ReadDue} was carried out.
	 *
	 * @param due what was read, released by the topic
	 */
	record DueRead(ScheduleStore.Due due) implements OfSchedule {

		@Override
		public boolean awaited() {
			return false;
		}

		@Override
		public void release() {
			this.due.entries().forEach(Entry::release);
		}

	}

	/**
	 * {@link Scheduling.AppendDue} was carried out.
	 *
	 * @param position where the entry stands
	 * @param count how many messages it has
	 * @param bytes how many bytes it has
	 */
	record DueAppended(Position position, int count, int bytes) implements OfSchedule {
	}

	/**
	 * {@link Scheduling.RemoveScheduled} was carried out.
	 *
	 * @param scheduled the message's position in the schedule
	 * @param wasThere whether it was there
	 */
	record ScheduledRemoved(Position scheduled, boolean wasThere) implements OfSchedule {
	}

	/** Concerns the compaction of the log. */
	sealed interface OfCompaction extends Outcome {

	}

	/**
	 * {@link Compacting.ReadKeys} was carried out.
	 *
	 * @param search who was told the keys
	 * @param page what came of it
	 */
	record KeysRead(KeySearch search, Compacting.KeysPage page) implements OfCompaction {

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * {@link Compacting.RemoveSuperseded} was carried out.
	 *
	 * @param entries the entries that are gone
	 */
	record SupersededRemoved(Set<Position> entries) implements OfCompaction {
	}

	/** Concerns those who publish. */
	sealed interface OfPublishing extends Outcome {

	}

	/** Concerns a subscription, unless its life is over. */
	sealed interface OfSubscription extends Outcome {

		/**
		 * The subscription.
		 * @return as it was when the store was asked
		 */
		SubscriptionId subscription();

	}

	/**
	 * Something was not stored, read or found.
	 *
	 * @param effect what was asked for
	 * @param failure why not
	 */
	record Failed(Storing.Asking<?> effect, StorageFailure failure) implements Outcome {

		@Override
		public boolean awaited() {
			return this.effect.awaited();
		}

	}

	/**
	 * {@link Storing.Append} was carried out.
	 *
	 * @param append its number
	 * @param position where the entry stands
	 */
	record Appended(long append, Position position) implements OfPublishing {
	}

	/**
	 * {@link Storing.StoreEpochs} was carried out.
	 *
	 * @param producer the producer
	 * @param epochs what was stored
	 */
	record EpochsStored(Peer producer, Epochs epochs) implements OfPublishing {
	}

	/**
	 * {@link Storing.CreateCursor} was carried out.
	 *
	 * @param subscription the subscription
	 */
	record CursorCreated(SubscriptionId subscription) implements OfSubscription {
	}

	/**
	 * {@link Storing.StoreAcknowledgements} was carried out.
	 *
	 * @param subscription the subscription
	 */
	record AcknowledgementsStored(SubscriptionId subscription) implements OfSubscription {
	}

	/**
	 * {@link Storing.FindTime} was carried out.
	 *
	 * @param subscription the subscription
	 * @param position the entry
	 */
	record TimeFound(SubscriptionId subscription, Position position) implements OfSubscription {
	}

	/**
	 * {@link Storing.FindExpired} was carried out.
	 *
	 * @param subscription the subscription
	 * @param position the first entry that has not expired, or the position after the
	 * last entry
	 * @param ordinal how many messages the log has before that
	 */
	record ExpiredFound(SubscriptionId subscription, Position position, long ordinal) implements OfSubscription {

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * {@link Storing.MoveCursor} was carried out.
	 *
	 * @param subscription the subscription
	 * @param target where it is now
	 */
	record CursorMoved(SubscriptionId subscription, Cursor target) implements OfSubscription {
	}

	/**
	 * {@link Storing.DeleteCursor} was carried out.
	 *
	 * @param subscription the subscription
	 */
	record CursorDeleted(SubscriptionId subscription) implements OfSubscription {
	}

	/**
	 * {@link Storing.Read} was carried out.
	 *
	 * @param subscription the subscription
	 * @param entries what was read, released by the topic
	 */
	record EntriesRead(SubscriptionId subscription, List<Entry> entries) implements OfSubscription {

		@Override
		public boolean awaited() {
			return false;
		}

		@Override
		public void release() {
			this.entries.forEach(Entry::release);
		}

	}

	/**
	 * {@link Storing.FindOrdinal} was carried out.
	 *
	 * @param subscription the subscription
	 * @param position the position
	 * @param ordinal how many messages the log has up to there
	 */
	record OrdinalFound(SubscriptionId subscription, Position position, long ordinal) implements OfSubscription {

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * {@link Storing.ForwardCopy} was carried out.
	 *
	 * @param subscription the subscription
	 * @param source where the entry of the message is stored in this topic
	 * @param index the index of the message in the entry
	 */
	record CopyForwarded(SubscriptionId subscription, Position source, int index) implements OfSubscription {

		@Override
		public boolean awaited() {
			return false;
		}

	}

}
