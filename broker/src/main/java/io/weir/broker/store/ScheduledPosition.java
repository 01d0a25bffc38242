package io.weir.broker.store;

import io.weir.wire.Position;

/**
 * The positions of messages that are not in a log yet, from which their ids are made:
 * they say when the message is due, are in that order, and lie beyond the end of every
 * log.
 */
public final class ScheduledPosition {

	/** No log has such a segment. */
	private static final long FIRST_SEGMENT = 1L << 61;

	/** The last time at which a message can be due, in milliseconds since 1970. */
	public static final long MAX_DUE = FIRST_SEGMENT - 1;

	private ScheduledPosition() {
	}

	/**
	 * The position of a message.
	 * @param due when it is due, in milliseconds since 1970, up to {@link #MAX_DUE}
	 * @param number its number, which no other message of the topic ever has
	 * @return the position
	 */
	public static Position of(long due, long number) {
		if (due < 0 || due > MAX_DUE) {
			throw new IllegalArgumentException("No message can be due at " + due);
		}
		return new Position(FIRST_SEGMENT + due, number);
	}

	/**
	 * Whether a position is that of a message that was not in the log when it was given.
	 * @param position any position
	 * @return whether it is
	 */
	public static boolean isScheduled(Position position) {
		return position.segment() >= FIRST_SEGMENT;
	}

	/**
	 * When a message is due.
	 * @param position its position
	 * @return milliseconds since 1970
	 */
	public static long due(Position position) {
		return position.segment() - FIRST_SEGMENT;
	}

}
