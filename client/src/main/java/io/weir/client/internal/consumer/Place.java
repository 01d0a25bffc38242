package io.weir.client.internal.consumer;

import java.time.Instant;
import java.util.function.LongFunction;

import io.weir.message.MessageId;
import io.weir.message.Position;
import io.weir.wire.Frame;
import io.weir.wire.Limits;

/** A place in a topic's log to go on from. */
public sealed interface Place extends LongFunction<Frame> {

	/** The beginning. */
	Place EARLIEST = new AtTime(0);

	/** The end. */
	Place LATEST = new AtTime(Long.MAX_VALUE);

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
	 */
	static Place at(MessageId id) {
		return at(id.position(), Math.min(id.index(), Limits.MAX_BATCH_MESSAGES));
	}

	/**
	 * The place after a message.
	 * @param id the message
	 * @return the place of the first message after it
	 */
	static Place after(MessageId id) {
		return at(id.position(), Math.min(id.index(), Limits.MAX_BATCH_MESSAGES - 1) + 1);
	}

	/** Positions that no log can have are before its beginning, or after its end. */
	private static Place at(Position position, int index) {
		if (position.entry() < 0) {
			return at(new Position(position.segment(), 0), 0);
		}
		if (Math.max(position.segment(), position.entry()) > Limits.MAX_POSITION) {
			return (position.segment() < Limits.MAX_POSITION) ? at(new Position(position.segment() + 1, 0), 0) : LATEST;
		}
		return new AtMessage(new MessageId(position, index));
	}

	/**
	 * A moment's place.
	 * @param time the time
	 * @return the place of the first message that was stored then or later
	 */
	static Place at(Instant time) {
		long millis = (time.compareTo(Instant.EPOCH) <= 0) ? 0 : ceilToMillis(time);
		return new AtTime(millis);
	}

	/** A message stored within the millisecond, but before the time, is earlier. */
	private static long ceilToMillis(Instant time) {
		if (time.compareTo(Instant.ofEpochMilli(Long.MAX_VALUE)) >= 0) {
			return Long.MAX_VALUE;
		}
		long millis = time.toEpochMilli();
		return Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
	}

	/**
	 * The place of a message, or of the first after it.
	 *
	 * @param id the message
	 */
	record AtMessage(MessageId id) implements Place {

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
	record AtTime(long millis) implements Place {

		@Override
		public Frame apply(long consumerId) {
			return new Frame.SeekTime(consumerId, this.millis);
		}

	}

}
