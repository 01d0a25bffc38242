package io.weir.client.internal.consumer;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.time.Moments;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/** A place in a topic's log to go on from. */
public sealed interface SeekTarget extends LongFunction<Frame> {

	/** The beginning. */
	SeekTarget EARLIEST = new AtTime(0);

	/** The end. */
	SeekTarget LATEST = new AtTime(Long.MAX_VALUE);

	/**
	 * The request that moves a subscription here.
	 * @param consumerId the number of its consumer in the session
	 * @return the request
	 */
	@Override
	Frame apply(long consumerId);

	/**
	 * Where that is in one partition. The place of a message says nothing about where to
	 * begin in others.
	 * @param partition its number
	 * @return a place in this partition
	 */
	SeekTarget in(int partition);

	/** The messages that must be of partitions that there are. */
	Collection<MessageId> messages();

	/**
	 * A message's place.
	 * @param id the message
	 * @return the place of that message, or of the first after it
	 * @throws IllegalArgumentException if the id does not say where in a topic that is
	 */
	static SeekTarget at(MessageId id) {
		position(id);
		return new AtMessage(id);
	}

	/**
	 * The place after a message.
	 * @param id the message
	 * @return the place of the first message after it, perhaps the one after the last of
	 * a full entry
	 * @throws IllegalArgumentException as {@link #at(MessageId)}
	 */
	static AtMessage after(MessageId id) {
		Position position = position(id);
		return new AtMessage(position.message(MessageIds.partition(id),
				Math.min(MessageIds.index(id) + 1, Limits.MAX_BATCH_MESSAGES)));
	}

	/**
	 * The places after messages.
	 * @param ids one of each partition
	 * @param otherwise the place in partitions of which there is none
	 * @return the places
	 * @throws IllegalArgumentException as {@link #at(MessageId)}, or if two ids are of
	 * one partition
	 */
	static SeekTarget after(Collection<MessageId> ids, SeekTarget otherwise) {
		Map<Integer, AtMessage> places = new HashMap<>();
		for (MessageId id : ids) {
			if (places.put(MessageIds.partition(id), after(id)) != null) {
				throw new IllegalArgumentException(
						"Two of the message ids " + ids + " are of partition " + MessageIds.partition(id));
			}
		}
		return new InPartitions(Map.copyOf(places), otherwise);
	}

	private static Position position(MessageId id) {
		try {
			return Position.of(id);
		}
		catch (ProtocolException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
	}

	/**
	 * A moment's place.
	 * @param time the time
	 * @return the place of the first message that was stored then or later
	 */
	static SeekTarget at(Instant time) {
		return new AtTime(Moments.toMillis(time));
	}

	/**
	 * The place of a message, or of the first after it.
	 *
	 * @param id the message
	 */
	record AtMessage(MessageId id) implements SeekTarget {

		@Override
		public SeekTarget in(int partition) {
			return (MessageIds.partition(this.id) == partition) ? this : EARLIEST;
		}

		@Override
		public Collection<MessageId> messages() {
			return List.of(this.id);
		}

		@Override
		public Frame apply(long consumerId) {
			return new Frame.SeekId(consumerId, this.id);
		}

	}

	/**
	 * Places of their own in some partitions.
	 *
	 * @param places by partition
	 * @param otherwise the place in all others
	 */
	record InPartitions(Map<Integer, AtMessage> places, SeekTarget otherwise) implements SeekTarget {

		@Override
		public SeekTarget in(int partition) {
			SeekTarget place = this.places.get(partition);
			return (place != null) ? place : this.otherwise.in(partition);
		}

		@Override
		public Collection<MessageId> messages() {
			return this.places.values().stream().map(AtMessage::id).toList();
		}

		@Override
		public Frame apply(long consumerId) {
			throw new IllegalStateException("These are places in " + this.places.size() + " partitions");
		}

	}

	/**
	 * The place of the first message that was stored at a time or later.
	 *
	 * @param millis the time, in milliseconds since 1970
	 */
	record AtTime(long millis) implements SeekTarget {

		@Override
		public SeekTarget in(int partition) {
			return this;
		}

		@Override
		public Collection<MessageId> messages() {
			return List.of();
		}

		@Override
		public Frame apply(long consumerId) {
			return new Frame.SeekTime(consumerId, this.millis);
		}

	}

}
