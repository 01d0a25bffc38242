package io.weir.wire;

import java.util.BitSet;
import java.util.List;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.SubscriptionType;

/**
 * Everything that client and broker say to each other. {@code docs/protocol.md} has the
 * bytes of each frame and the streams on which it may occur. The request id travels in
 * the frame header, beside the frame.
 * <p>
 * {@link Publish}, {@link Deliver} and {@link Fragment} hold a buffer: whoever is given
 * such a frame must {@link #release()} it, or pass it on to one who does. Writing a frame
 * to a stream passes it on, also when the write fails.
 */
public sealed interface Frame {

	/** Gives up the buffer that the frame holds, if it holds one. */
	default void release() {
	}

	/**
	 * Opens the session; the first frame on the control stream.
	 *
	 * @param clientName what the client calls itself, for logs and endpoints
	 * @param token the credential, or {@code null}
	 * @param features what the client can do that not every client can
	 */
	record Connect(String clientName, @Nullable String token, Set<Feature> features) implements Frame {

		/** Without any feature. */
		public Connect(String clientName, @Nullable String token) {
			this(clientName, token, Set.of());
		}

	}

	/**
	 * Answers {@link Connect}.
	 *
	 * @param brokerName what the broker calls itself
	 * @param sessionId the session's number, for logs
	 * @param maxFrameSize the longest frame that the broker takes, in bytes
	 * @param maxInFlight the most unacknowledged messages of one producer among which the
	 * broker can tell duplicates
	 * @param maxMessageSize the most bytes of one batch that the broker takes, compressed
	 * or not
	 * @param features what the broker can do that not every broker can
	 * @param sessionTimeout how long the broker keeps a session of which it hears
	 * nothing, in milliseconds
	 * @param resetToken what ends a packet by which the broker says that it does not know
	 * the connection, or {@code null} if it sends none
	 */
	record Connected(String brokerName, long sessionId, int maxFrameSize, int maxInFlight, int maxMessageSize,
			Set<Feature> features, int sessionTimeout, @Nullable ResetToken resetToken) implements Frame {

		/** With the default session timeout and no reset token. */
		public Connected(String brokerName, long sessionId, int maxFrameSize, int maxInFlight, int maxMessageSize,
				Set<Feature> features) {
			this(brokerName, sessionId, maxFrameSize, maxInFlight, maxMessageSize, features,
					Limits.DEFAULT_SESSION_TIMEOUT, null);
		}

	}

	/** Asks the peer for a {@link Pong} on the same stream, which may be any. */
	record Ping(long nonce) implements Frame {
	}

	/** Answers {@link Ping}, with its nonce. */
	record Pong(long nonce) implements Frame {
	}

	/** The broker takes nothing new here and will close the connection; says why. */
	record GoAway(ErrorCode code, String reason) implements Frame {
	}

	/**
	 * A piece of a frame that is longer than the receiver takes: its type, request id and
	 * body, cut up. The fragments of a frame carry its request id and come one after the
	 * other on one stream; other frames may come in between, but no other fragments.
	 *
	 * @param remaining how many bytes of the frame are in the fragments that follow; 0 in
	 * the last one
	 * @param part the bytes
	 */
	record Fragment(int remaining, ByteBuf part) implements Frame {

		@Override
		public void release() {
			this.part.release();
		}

	}

	/**
	 * The request was carried out.
	 *
	 * @param firstKept to {@link SeekId} and {@link SeekTime}: where what is kept begins,
	 * if what was asked for is kept no longer; {@code null} to everything else
	 * @param backlog to {@link AskBacklog}; {@code null} to everything else
	 */
	record Ok(@Nullable Position firstKept, @Nullable BacklogReport backlog) implements Frame {

		/** There is nothing more to say. */
		public Ok() {
			this(null, null);
		}

	}

	/**
	 * The request failed; with request id 0, the stream or the connection did.
	 *
	 * @param code what went wrong
	 * @param message what went wrong here, human-readable
	 */
	record ErrorReply(ErrorCode code, String message) implements Frame {
	}

	/**
	 * How many partitions the topic has, from 1. Comes with request id 0 on the stream of
	 * an {@link OpenProducer} or {@link Subscribe}, before the answer, and again when the
	 * number has changed; not if there is one.
	 */
	record Partitions(String topic, int count) implements Frame {
	}

	/** Asks for topics that match a pattern, after a name; answered by {@link Topics}. */
	record FindTopics(String pattern, String subscription, String after) implements Frame {
	}

	/** Names of topics; there may be more after the next one to go on from. */
	record Topics(List<String> names, @Nullable String next) implements Frame {
	}

	/**
	 * Adds a producer to the session; answered by {@link ProducerOpened}.
	 *
	 * @param producerId the client's number for it, unique in the session
	 * @param topic where it publishes; of a topic with partitions, one of those
	 * @param name its name, by which duplicates are recognised across sessions, or
	 * {@code null} to be given one
	 * @param epoch the epoch that the broker gave this very producer before, or -1: by it
	 * a producer takes over from its own earlier session
	 * @param accessMode who else may use the name
	 */
	record OpenProducer(long producerId, String topic, @Nullable String name, long epoch,
			AccessMode accessMode) implements Frame {
	}

	/**
	 * Answers {@link OpenProducer}.
	 *
	 * @param name the producer's name
	 * @param epoch the producer's epoch, to be said again after a reconnect
	 * @param lastSequence the highest sequence id stored under the name, or -1
	 */
	record ProducerOpened(String name, long epoch, long lastSequence) implements Frame {
	}

	/**
	 * Publishes messages with ascending sequence ids, stored together as one entry or not
	 * at all; answered by {@link Receipt}. May come on any stream of the session.
	 *
	 * @param producerId the producer
	 * @param firstSequence the sequence id of the first message
	 * @param count how many messages
	 * @param encoding how the batch is compressed, and its checksum
	 * @param batch the messages, as {@code codec.MessageBatch} writes them
	 */
	record Publish(long producerId, long firstSequence, int count, BatchEncoding encoding,
			ByteBuf batch) implements Frame {

		/** Publishes a batch that is not compressed. */
		public Publish(long producerId, long firstSequence, int count, ByteBuf batch) {
			this(producerId, firstSequence, count, BatchEncoding.plain(batch), batch);
		}

		@Override
		public void release() {
			this.batch.release();
		}

	}

	/**
	 * The messages of a {@link Publish} are stored.
	 *
	 * @param position the entry that holds them, or {@code null} if they had been stored
	 * before and the broker has forgotten where
	 * @param duplicate whether they had been stored before, and were not stored again
	 */
	record Receipt(@Nullable Position position, boolean duplicate) implements Frame {

		/** Only the position of a duplicate is forgotten. */
		public Receipt {
			if (position == null && !duplicate) {
				throw new IllegalArgumentException("What has just been stored has a position");
			}
		}

		/** The id of a message, by its place in the batch, if its position is known. */
		public MessageId message(int partition, int index) {
			return (this.position != null) ? this.position.message(partition, index) : MessageIds.unknown();
		}

	}

	/** Removes a producer from the session; answered by {@link Ok}. */
	record CloseProducer(long producerId) implements Frame {
	}

	/**
	 * Takes a delayed message back that is not due yet; answered by {@link Ok}, or by
	 * {@link ErrorReply} with {@link ErrorCode#NOT_FOUND} if it is not delayed any more.
	 *
	 * @param producerId any producer of the topic
	 * @param id the id that sending the message returned
	 */
	record CancelDelayed(long producerId, MessageId id) implements Frame {
	}

	/**
	 * The broker removed a producer from the session, with request id 0 on the stream on
	 * which it was opened; says why.
	 */
	record ProducerClosed(long producerId, ErrorCode code, String reason) implements Frame {
	}

	/**
	 * Adds a consumer to the session, and the subscription to the topic if it is new;
	 * answered by {@link Ok}. Deliveries come on the stream that carried this frame.
	 *
	 * @param consumerId the client's number for it, unique in the session
	 * @param topic the topic, or one of its partitions
	 * @param subscription the subscription's name
	 * @param type how the subscription shares out messages
	 * @param initialPosition where it begins if it is new
	 * @param consumerName what the consumer calls itself, for endpoints
	 * @param durable whether the subscription outlives its consumers; if not, it is new,
	 * remembers nothing on disk and ends with its consumer, as a reader needs it
	 * @param instance the consumer's identity across sessions: with a later epoch it
	 * replaces its former self
	 * @param redelivery the policy of all consumers from now on; {@code null} for none
	 * @param compacted whether a reader need not have what has later messages of its keys
	 */
	record Subscribe(long consumerId, String topic, String subscription, SubscriptionType type,
			InitialPosition initialPosition, String consumerName, boolean durable, ConsumerInstance instance,
			@Nullable RedeliveryPolicy redelivery, boolean compacted) implements Frame {

		/** Subscribes a consumer that states no policy. */
		public Subscribe(long consumerId, String topic, String subscription, SubscriptionType type,
				InitialPosition initialPosition, String consumerName, boolean durable, ConsumerInstance instance) {
			this(consumerId, topic, subscription, type, initialPosition, consumerName, durable, instance, null, false);
		}

		/** Subscribes a consumer that does not come back. */
		public Subscribe(long consumerId, String topic, String subscription, SubscriptionType type,
				InitialPosition initialPosition, String consumerName, boolean durable) {
			this(consumerId, topic, subscription, type, initialPosition, consumerName, durable,
					ConsumerInstance.once());
		}

	}

	/** Lets the broker deliver so many more messages, from 1; never answered. */
	record Flow(long consumerId, int permits) implements Frame {
	}

	/**
	 * An entry, or a run of its messages, for a consumer, with request id 0. Uses a
	 * permit for each message that is not to be passed over.
	 *
	 * @param consumerId the consumer
	 * @param position the entry
	 * @param redeliveryCount how often it was delivered on this subscription before
	 * @param publishTime when it was stored, in milliseconds since 1970
	 * @param producerName who published it
	 * @param firstSequence the sequence id of the entry's first message
	 * @param firstIndex the index in the entry at which the run begins
	 * @param count how many messages the run has
	 * @param acknowledged of the run's messages, counted from 0, those to be passed over:
	 * they are acknowledged already, or not for this consumer now
	 * @param encoding how the batch is compressed, and its checksum
	 * @param batch the messages, as they were published
	 */
	record Deliver(long consumerId, Position position, int redeliveryCount, long publishTime, String producerName,
			long firstSequence, int firstIndex, int count, BitSet acknowledged, BatchEncoding encoding,
			ByteBuf batch) implements Frame {

		/** Delivers a whole entry that is not compressed. */
		public Deliver(long consumerId, Position position, int redeliveryCount, long publishTime, String producerName,
				long firstSequence, int count, BitSet acknowledged, ByteBuf batch) {
			this(consumerId, position, redeliveryCount, publishTime, producerName, firstSequence, 0, count,
					acknowledged, BatchEncoding.plain(batch), batch);
		}

		@Override
		public void release() {
			this.batch.release();
		}

	}

	/** Acknowledges messages one by one; answered by {@link Ok} when that is stored. */
	record Acknowledge(long consumerId, List<MessageId> ids) implements Frame {
	}

	/**
	 * Acknowledges a message and all that come before it in the log; answered by
	 * {@link Ok} when that is stored. Not for subscriptions that share messages out.
	 */
	record AcknowledgeUpTo(long consumerId, MessageId id) implements Frame {
	}

	/**
	 * Moves the subscription so that the message with the id, or else the first after it,
	 * is the next to be delivered; answered by {@link Ok} when that is stored. The
	 * consumer's permits are gone then, and the subscription's other consumers are
	 * removed.
	 *
	 * @param consumerId the consumer
	 * @param id the message; its index may be {@link Limits#MAX_BATCH_MESSAGES}, the
	 * place after the last message of a full batch
	 */
	record SeekId(long consumerId, MessageId id) implements Frame {
	}

	/**
	 * As {@link SeekId}, to the first entry that was stored at a time or later.
	 *
	 * @param consumerId the consumer
	 * @param publishTime the time, in milliseconds since 1970; 0 for the beginning,
	 * {@link Long#MAX_VALUE} for the end
	 */
	record SeekTime(long consumerId, long publishTime) implements Frame {
	}

	/**
	 * Of an EXCLUSIVE consumer: answered by {@link Ok} behind the last delivery of what
	 * was stored when it came.
	 */
	record AwaitEnd(long consumerId) implements Frame {
	}

	/** Asks how much the subscription has left to acknowledge; answered by {@link Ok}. */
	record AskBacklog(long consumerId) implements Frame {
	}

	/** Removes the subscription and its consumer, unless it has others. */
	record Unsubscribe(long consumerId) implements Frame {
	}

	/**
	 * Gives messages back, to be delivered again; never answered.
	 *
	 * @param consumerId the consumer
	 * @param delay how much later they are to be delivered again, in milliseconds, or -1
	 * to leave that to the policy
	 * @param forGood whether they are to become dead letters now, if there is a topic for
	 * these
	 * @param report what is wrong with them
	 * @param ids the messages
	 */
	record NegativeAcknowledge(long consumerId, long delay, boolean forGood, FailureReport report,
			List<MessageId> ids) implements Frame {

		/** As the policy says. */
		public NegativeAcknowledge(long consumerId, List<MessageId> ids) {
			this(consumerId, -1, false, FailureReport.NONE, ids);
		}

	}

	/** Removes a consumer; answered by {@link Ok}, after which it is given nothing. */
	record CloseConsumer(long consumerId) implements Frame {
	}

	/** As {@link ProducerClosed}, of a consumer. */
	record ConsumerClosed(long consumerId, ErrorCode code, String reason) implements Frame {
	}

	/**
	 * Says, with request id 0, how many messages were trimmed that the subscription was
	 * never given, and where it goes on.
	 */
	record MessagesTrimmed(long consumerId, long messages, Position firstKept) implements Frame {
	}

}
