package io.weir.broker.engine;

import java.util.List;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.wire.Position;

/** Says how it went what the store was asked for. */
public sealed interface Outcome extends Command {

	/**
	 * Whether the topic opens again only when it has seen this.
	 * @return see {@link Effect.Asking#awaited()}
	 */
	default boolean awaited() {
		return true;
	}

	/**
	 * {@link Effect.Trim} was carried out.
	 *
	 * @param first the first position that may hold an entry
	 */
	record Trimmed(Position first) implements Outcome {
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
	record Failed(Effect.Asking<?> effect, StorageFailure failure) implements Outcome {

		@Override
		public boolean awaited() {
			return this.effect.awaited();
		}

	}

	/**
	 * {@link Effect.Append} was carried out.
	 *
	 * @param append its number
	 * @param position where the entry stands
	 */
	record Appended(long append, Position position) implements OfPublishing {
	}

	/**
	 * {@link Effect.StoreEpochs} was carried out.
	 *
	 * @param producer the producer
	 * @param epochs what was stored
	 */
	record EpochsStored(Peer producer, Epochs epochs) implements OfPublishing {
	}

	/**
	 * {@link Effect.CreateCursor} was carried out.
	 *
	 * @param subscription the subscription
	 */
	record CursorCreated(SubscriptionId subscription) implements OfSubscription {
	}

	/**
	 * {@link Effect.StoreAcknowledgements} was carried out.
	 *
	 * @param subscription the subscription
	 */
	record AcknowledgementsStored(SubscriptionId subscription) implements OfSubscription {
	}

	/**
	 * {@link Effect.FindTime} was carried out.
	 *
	 * @param subscription the subscription
	 * @param position the entry
	 */
	record TimeFound(SubscriptionId subscription, Position position) implements OfSubscription {
	}

	/**
	 * {@link Effect.MoveCursor} was carried out.
	 *
	 * @param subscription the subscription
	 * @param target where it is now
	 */
	record CursorMoved(SubscriptionId subscription, Cursor target) implements OfSubscription {
	}

	/**
	 * {@link Effect.DeleteCursor} was carried out.
	 *
	 * @param subscription the subscription
	 */
	record CursorDeleted(SubscriptionId subscription) implements OfSubscription {
	}

	/**
	 * {@link Effect.Read} was carried out.
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
	 * {@link Effect.FindOrdinal} was carried out.
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

}
