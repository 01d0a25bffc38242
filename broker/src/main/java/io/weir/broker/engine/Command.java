package io.weir.broker.engine;

import java.util.List;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.broker.store.MessageIndex;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.FailureReport;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

/**
 * Everything that a topic reacts to. A topic handles one command after the other.
 */
public sealed interface Command permits Command.Producing, Command.OfConsumer, Command.Request, Command.Opened,
		Command.PoliciesChanged, Command.Tick, Command.LogLost, Command.SessionEnded, Outcome {

	/** Concerns those who publish. */
	sealed interface Producing extends Command {

	}

	/** Comes from a consumer, or one that wants to become one. */
	sealed interface OfConsumer extends Command {

		/**
		 * The consumer.
		 * @return the consumer
		 */
		Peer consumer();

	}

	/** Is answered, sooner or later. */
	sealed interface Request extends Command {

		/** What any costs of what a session may ask for; bytes and ids cost more. */
		int COST = 128;

		/**
		 * Where the answer goes.
		 * @return the address
		 */
		ReplyTo replyTo();

	}

	/** Comes from who administers the broker; a topic that there is not is not made. */
	non-sealed interface Administration extends Request {

	}

	/** Gives up the buffers, if no topic handles the command. */
	default void release() {
	}

	/**
	 * The topic was opened; the first command.
	 *
	 * @param policies what becomes of its messages
	 * @param before what it knew when it left the memory
	 */
	record Opened(Policies policies, Asleep before) implements Command {
	}

	/**
	 * An administrator says something else of the topic or of its subscriptions.
	 *
	 * @param policies what counts from now on
	 */
	record PoliciesChanged(Policies policies) implements Command {
	}

	/** It is the time that {@link Effect.WakeAt} said; harmless at any other. */
	record Tick() implements Command {
	}

	/**
	 * The log takes nothing more: all producers and consumers are removed. Outcomes may
	 * follow, requests not.
	 *
	 * @param failure why
	 */
	record LogLost(StorageFailure failure) implements Command {
	}

	/**
	 * A session is gone, with all its producers and consumers.
	 *
	 * @param session the session
	 */
	record SessionEnded(long session) implements Command {
	}

	/**
	 * Answered by {@link Effect.Done} when what came before it was handled; asks for
	 * nothing else.
	 *
	 * @param replyTo where the answer goes
	 */
	record Settle(ReplyTo replyTo) implements Request {
	}

	/**
	 * Gives up the beginning of the log; answered by {@link Effect.Trimmed} when that is
	 * stored.
	 *
	 * @param replyTo where the answer goes
	 * @param before the first entry that must be kept; the last one is kept in any case
	 * @param unacknowledged whether also what durable subscriptions have not acknowledged
	 * is given up; they go on at the first entry that is left, as all others do
	 */
	record Trim(ReplyTo replyTo, Position before, boolean unacknowledged) implements Administration {
	}

	/**
	 * Gives up those of a run of entries that are damaged, for all subscriptions;
	 * answered by {@link Effect.Skipped} when that is stored.
	 *
	 * @param replyTo where the answer goes
	 * @param from the first entry of the run
	 * @param to the last one
	 */
	record SkipDamaged(ReplyTo replyTo, Position from, Position to) implements Administration {
	}

	// Producers

	/**
	 * Answered by {@link Effect.ProducerOpened}.
	 *
	 * @param replyTo where the answer goes
	 * @param producer the producer
	 * @param name its name
	 * @param generated whether the broker made the name up for it
	 * @param epoch the epoch that it had before, or -1
	 * @param accessMode who else may use the name
	 */
	record OpenProducer(ReplyTo replyTo, Peer producer, String name, boolean generated, long epoch,
			AccessMode accessMode) implements Producing, Request {
	}

	/**
	 * Answered by {@link Effect.Done}.
	 *
	 * @param replyTo where the answer goes
	 * @param producer the producer
	 */
	record CloseProducer(ReplyTo replyTo, Peer producer) implements Producing, Request {
	}

	/**
	 * Nobody uses a producer's name any more; answered by {@link Effect.Done}.
	 *
	 * @param replyTo where the answer goes
	 * @param name the name, which stays if it is in use after all
	 */
	record ForgetProducer(ReplyTo replyTo, String name) implements Producing, Request {
	}

	/**
	 * Takes a delayed message back that is not due yet; answered by {@link Effect.Done},
	 * or refused with {@link io.weir.wire.ErrorCode#NOT_FOUND} if there is none any more.
	 *
	 * @param replyTo where the answer goes
	 * @param producer any producer of the topic
	 * @param message where it was stored
	 */
	record CancelDelayed(ReplyTo replyTo, Peer producer, Position message) implements Producing, Request {
	}

	/** A batch that a producer has sent, answered by {@link Effect.Stored}. */
	sealed interface OfBatch extends Producing, Request {

		/**
		 * The producer.
		 * @return the producer
		 */
		Peer producer();

		/**
		 * The sequence id of the first message.
		 * @return the sequence id
		 */
		long firstSequence();

		/**
		 * How many messages the batch has.
		 * @return the number
		 */
		int count();

	}

	/**
	 * A batch to be stored.
	 *
	 * @param replyTo where the answer goes
	 * @param producer the producer
	 * @param firstSequence the sequence id of the first message
	 * @param index what is known of each message
	 * @param encoding how the batch is compressed, and its checksum
	 * @param batch the messages, released by the topic
	 */
	record Publish(ReplyTo replyTo, Peer producer, long firstSequence, MessageIndex index, BatchEncoding encoding,
			ByteBuf batch) implements OfBatch {

		@Override
		public int count() {
			return this.index.count();
		}

		/** The same, when it cannot be appended now; the buffer is left to the caller. */
		public PublishRefused refused(StorageFailure failure) {
			return new PublishRefused(this.replyTo, this.producer, this.firstSequence, count(), failure);
		}

		@Override
		public void release() {
			this.batch.release();
		}

	}

	/**
	 * A batch that cannot be appended now; unless it is stored already, its producer has
	 * to open again, so that what it sent after it does not overtake it.
	 *
	 * @param replyTo where the answer goes
	 * @param producer the producer
	 * @param firstSequence the sequence id of the first message
	 * @param count how many messages
	 * @param failure why not
	 */
	record PublishRefused(ReplyTo replyTo, Peer producer, long firstSequence, int count,
			StorageFailure failure) implements OfBatch {
	}

	// Consumers

	/**
	 * Answered by {@link Effect.Done}; deliveries follow.
	 *
	 * @param replyTo where the answer goes
	 * @param consumer the consumer
	 * @param subscription the subscription's name
	 * @param type its type
	 * @param initialPosition where it begins if it is new
	 * @param consumerName what the consumer calls itself
	 * @param durable whether the subscription outlives its consumers
	 * @param instance by what the consumer is recognised when it comes back
	 * @param room whether more may be delivered to the consumer's session; if it says no,
	 * {@link DeliveryWritten} follows when it may again. Asked on the topic's thread
	 * @param redelivery what becomes of messages that are not acknowledged, from now on
	 * and for all consumers of the subscription; {@code null} to leave that to others
	 * @param compacted whether a reader passes over what has later messages of its keys
	 */
	record Subscribe(ReplyTo replyTo, Peer consumer, String subscription, SubscriptionType type,
			InitialPosition initialPosition, String consumerName, boolean durable, ConsumerInstance instance,
			BooleanSupplier room, @Nullable RedeliveryPolicy redelivery,
			boolean compacted) implements OfConsumer, Request {

		/** By one who is to have all that there is. */
		public Subscribe(ReplyTo replyTo, Peer consumer, String subscription, SubscriptionType type,
				InitialPosition initialPosition, String consumerName, boolean durable, ConsumerInstance instance,
				BooleanSupplier room, @Nullable RedeliveryPolicy redelivery) {
			this(replyTo, consumer, subscription, type, initialPosition, consumerName, durable, instance, room,
					redelivery, false);
		}

		/** To a session that takes everything, by one who states no policy. */
		public Subscribe(ReplyTo replyTo, Peer consumer, String subscription, SubscriptionType type,
				InitialPosition initialPosition, String consumerName, boolean durable, ConsumerInstance instance) {
			this(replyTo, consumer, subscription, type, initialPosition, consumerName, durable, instance, () -> true,
					null);
		}

	}

	/**
	 * Answered by {@link Effect.Done}, after which nothing is delivered.
	 *
	 * @param replyTo where the answer goes
	 * @param consumer the consumer
	 */
	record CloseConsumer(ReplyTo replyTo, Peer consumer) implements OfConsumer, Request {
	}

	/**
	 * Grants more messages.
	 *
	 * @param consumer the consumer
	 * @param permits how many more
	 */
	record Flow(Peer consumer, int permits) implements OfConsumer {
	}

	/**
	 * Answered by {@link Effect.Done} when it is stored.
	 *
	 * @param replyTo where the answer goes
	 * @param consumer the consumer
	 * @param ids the messages
	 */
	record Acknowledge(ReplyTo replyTo, Peer consumer, List<MessageId> ids) implements OfConsumer, Request {
	}

	/**
	 * Answered by {@link Effect.Done} when it is stored.
	 *
	 * @param replyTo where the answer goes
	 * @param consumer the consumer
	 * @param id the last message that is acknowledged, with all before it
	 */
	record AcknowledgeUpTo(ReplyTo replyTo, Peer consumer, MessageId id) implements OfConsumer, Request {
	}

	/**
	 * Answered by {@link Effect.Done} when all that is stored now was delivered to the
	 * consumer, as far as it is to be.
	 *
	 * @param replyTo where the answer goes
	 * @param consumer the consumer, which has its subscription for itself
	 */
	record AwaitEnd(ReplyTo replyTo, Peer consumer) implements OfConsumer, Request {
	}

	/**
	 * Answered by {@link Effect.BacklogTold}.
	 *
	 * @param replyTo where the answer goes
	 * @param consumer the consumer
	 */
	record AskBacklog(ReplyTo replyTo, Peer consumer) implements OfConsumer, Request {
	}

	/**
	 * Changes the consumer's subscription, and the consumer stays unless it is deleted:
	 * that is answered by {@link Effect.Unsubscribed}, everything else by
	 * {@link Effect.Done}, when it is stored.
	 *
	 * @param replyTo where the answer goes
	 * @param consumer the consumer
	 * @param change what becomes of the subscription
	 */
	record ChangeOwn(ReplyTo replyTo, Peer consumer, SubscriptionChange change) implements OfConsumer, Request {
	}

	/**
	 * Changes a subscription, whether or not it has consumers, which have to come again
	 * if it is moved; answered by {@link Effect.Done} when it is stored.
	 *
	 * @param replyTo where the answer goes
	 * @param subscription its name
	 * @param change what becomes of the subscription
	 */
	record ChangeSubscription(ReplyTo replyTo, String subscription,
			SubscriptionChange change) implements Administration {
	}

	/**
	 * Gives messages back.
	 *
	 * @param consumer the consumer
	 * @param ids the messages
	 * @param delay how much later they are to be delivered again, in milliseconds, or -1
	 * to leave that to the policy
	 * @param forGood whether they are to become dead letters now, if the policy has a
	 * topic for these
	 * @param report what is wrong with them
	 */
	record NegativeAcknowledge(Peer consumer, List<MessageId> ids, long delay, boolean forGood,
			FailureReport report) implements OfConsumer {

		/** As the policy says. */
		public NegativeAcknowledge(Peer consumer, List<MessageId> ids) {
			this(consumer, ids, -1, false, FailureReport.NONE);
		}

	}

	/**
	 * The network took a {@link Effect.Deliver}, or there is room for more.
	 *
	 * @param consumer the consumer
	 * @param bytes the length of the batch, or 0
	 */
	record DeliveryWritten(Peer consumer, int bytes) implements OfConsumer {
	}

}
