package io.weir.broker.engine;

import java.util.BitSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;
import io.weir.message.Topic;
import io.weir.wire.BacklogReport;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * Everything that a topic wants to have done: values, carried out by others in the order
 * given.
 */
public sealed interface Effect
		permits Storing, Effect.WakeAt, Effect.Rest, Effect.Unused, Effect.SubscriptionTrimmed, Effect.Telling {

	/**
	 * Have {@link Command.Tick} come, once; replaces what was wanted before.
	 *
	 * @param time when, in milliseconds since 1970; a little later will do
	 */
	record WakeAt(long time) implements Effect {
	}

	/**
	 * The topic has nothing to do, and may leave the memory if nothing is under way in
	 * the store; else it goes on, and says so again.
	 *
	 * @param asleep what it goes on with when it is opened again
	 * @param wakeAt when it has to be at the latest, in milliseconds since 1970
	 */
	record Rest(Asleep asleep, long wakeAt) implements Effect {
	}

	/** The topic has expired: it may be deleted, which is not said again for a while. */
	record Unused() implements Effect {
	}

	/**
	 * Messages were trimmed that a durable subscription was never given, which is for the
	 * log.
	 *
	 * @param subscription the subscription's name
	 * @param messages how many
	 * @param firstKept where it goes on
	 */
	record SubscriptionTrimmed(String subscription, long messages, Position firstKept) implements Effect {
	}

	/** To be told to a client. */
	sealed interface Telling extends Effect {

		/**
		 * Whom to tell.
		 * @return the session's number
		 */
		long session();

		/** Gives up the buffers, if there is nobody to be told. */
		default void release() {
		}

	}

	/** Answers a request; each gets one answer. */
	sealed interface Answer extends Telling {

		/**
		 * Which request is answered.
		 * @return where the answer goes
		 */
		ReplyTo to();

		@Override
		default long session() {
			return to().session();
		}

	}

	/**
	 * Answers {@link Command.OpenProducer}.
	 *
	 * @param to whom
	 * @param name the producer's name
	 * @param epoch its epoch
	 * @param lastSequence the highest sequence id stored, or -1
	 */
	record ProducerOpened(ReplyTo to, String name, long epoch, long lastSequence) implements Answer {
	}

	/**
	 * Answers {@link Command.Publish}.
	 *
	 * @param to whom
	 * @param position the entry, or {@code null} if it had been stored before and is
	 * forgotten
	 * @param duplicate whether it had been stored before
	 */
	record Stored(ReplyTo to, @Nullable Position position, boolean duplicate) implements Answer {
	}

	/**
	 * A request was carried out.
	 *
	 * @param to whom
	 * @param firstKept if a subscription was to be moved to what is kept no longer: the
	 * first position that may hold an entry, where it goes on
	 */
	record Done(ReplyTo to, @Nullable Position firstKept) implements Answer {

		/** There is nothing more to say. */
		public Done(ReplyTo to) {
			this(to, null);
		}

	}

	/**
	 * Answers {@link Command.AskBacklog}.
	 *
	 * @param to whom
	 * @param backlog what the subscription has left to acknowledge
	 */
	record BacklogTold(ReplyTo to, BacklogReport backlog) implements Answer {
	}

	/**
	 * Answers {@link Command.Trim}.
	 *
	 * @param to whom
	 * @param first the first position that may hold an entry, which may be an earlier one
	 * than was asked for
	 */
	record Trimmed(ReplyTo to, Position first) implements Answer {
	}

	/**
	 * Answers {@link Command.SkipDamaged}.
	 *
	 * @param to whom
	 * @param entries the entries that were damaged, and are given up now
	 */
	record Skipped(ReplyTo to, List<Position> entries) implements Answer {
	}

	/**
	 * Answers {@link Browse}.
	 *
	 * @param to whom
	 * @param entries the entries, released by who is told
	 * @param replayed which messages of each were replayed
	 * @param lastStored the last entry of the topic
	 */
	record Browsed(ReplyTo to, List<Entry> entries, List<BitSet> replayed, Position lastStored) implements Answer {

		@Override
		public void release() {
			this.entries.forEach(Entry::release);
		}

	}

	/**
	 * Answers {@link Command.ChangeOwn}: the subscription is removed, and its consumer.
	 *
	 * @param to whom
	 * @param consumer the consumer
	 */
	record Unsubscribed(ReplyTo to, Peer consumer) implements Answer {
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
			@Nullable Peer producer) implements Answer {

		/**
		 * A request of a consumer or producer that is there, or of one that never was.
		 */
		public Refused(ReplyTo to, ErrorCode code, String reason) {
			this(to, code, reason, null, null);
		}

		/** Who wanted to become a consumer or a producer is none. */
		public static Refused of(Command.Request request, ErrorCode code, String reason) {
			Peer consumer = (request instanceof Command.Subscribe subscribe) ? subscribe.consumer() : null;
			Peer producer = (request instanceof Command.OpenProducer open) ? open.producer() : null;
			return new Refused(request.replyTo(), code, reason, consumer, producer);
		}

		public static Refused of(ReplyTo to, StorageFailure failure) {
			return new Refused(to, failure.code(), failure.reason());
		}

	}

	/**
	 * Messages for a consumer; {@link Command.DeliveryWritten} says when the network took
	 * them.
	 *
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
	record Deliver(Topic topic, Peer consumer, Entry entry, int firstIndex, int count, int redeliveryCount, int bytes,
			BitSet passOver, boolean ordered) implements Telling {

		@Override
		public long session() {
			return this.consumer.session();
		}

		@Override
		public void release() {
			this.entry.release();
		}

	}

	/**
	 * Messages were trimmed that a consumer's subscription was never given.
	 *
	 * @param consumer the consumer
	 * @param messages how many
	 * @param firstKept where it goes on
	 */
	record MessagesTrimmed(Peer consumer, long messages, Position firstKept) implements Telling {

		@Override
		public long session() {
			return this.consumer.session();
		}

	}

	/**
	 * A producer was removed.
	 *
	 * @param producer the producer
	 * @param code why
	 * @param reason why, human-readable
	 */
	record ProducerClosed(Peer producer, ErrorCode code, String reason) implements Telling {

		@Override
		public long session() {
			return this.producer.session();
		}

	}

	/**
	 * A consumer was removed.
	 *
	 * @param consumer the consumer
	 * @param code why
	 * @param reason why, human-readable
	 */
	record ConsumerClosed(Peer consumer, ErrorCode code, String reason) implements Telling {

		@Override
		public long session() {
			return this.consumer.session();
		}

	}

}
