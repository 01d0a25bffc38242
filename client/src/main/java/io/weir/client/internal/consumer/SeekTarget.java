package io.weir.client.internal.consumer;

import java.time.Instant;
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
	static SeekTarget after(MessageId id) {
		Position position = position(id);
		return new AtMessage(position.message(MessageIds.partition(id),
				Math.min(MessageIds.index(id) + 1, Limits.MAX_BATCH_MESSAGES)));
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
		public Frame apply(long consumerId) {
			return new Frame.SeekId(consumerId, this.id);
		}

	}

	/**
	 * The place of the first message that was stored at a time or later.
	 *
	 * @param millis the time, in milliseconds since 1970
	 */
	record AtTime(long millis) implements SeekTarget {

		@Override
		public Frame apply(long consumerId) {
			return new Frame.SeekTime(consumerId, this.millis);
		}

	}

}
