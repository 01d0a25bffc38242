package io.weir.wire;

import java.util.Comparator;

import io.weir.message.MessageId;
import io.weir.message.MessageIds;

/**
 * Where an entry stands in the log of a topic's partition, totally ordered within it. Its
 * numbers mean something to the storage engine only: a log may number its entries in one
 * run or in segments.
 *
 * @param segment the segment, from 0
 * @param entry the entry in the segment, from 0
 */
public record Position(long segment, long entry) implements Comparable<Position> {

	/** Before the first entry of every log. */
	public static final Position BEFORE_FIRST = new Position(0, -1);

	private static final Comparator<Position> ORDER = Comparator.comparingLong(Position::segment)
		.thenComparingLong(Position::entry);

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException if one is too small
	 */
	public Position {
		if (segment < 0 || entry < -1) {
			throw new IllegalArgumentException("Not a position: " + segment + ":" + entry);
		}
	}

	/**
	 * Where the entry of a message stands in the log of its partition.
	 * @param id the message
	 * @return its position
	 * @throws ProtocolException {@link ErrorCode#INVALID_REQUEST} if the id does not say
	 * that
	 */
	public static Position of(MessageId id) {
		if (!id.isKnown()) {
			throw new ProtocolException(ErrorCode.INVALID_REQUEST,
					"The message id '" + id + "' does not say where the message is stored");
		}
		return new Position(MessageIds.segment(id), MessageIds.entry(id));
	}

	/**
	 * The id of a message of the entry, as it travels: those who speak of it know the
	 * partition, and the id says 0.
	 * @param index its place among those of the entry, from 0 to
	 * {@link Limits#MAX_BATCH_MESSAGES}, which is the place after the last one
	 * @return the id
	 */
	public MessageId message(int index) {
		return message(0, index);
	}

	/**
	 * The id of a message of the entry.
	 * @param partition the partition of whose log this is a position, from 0
	 * @param index its place, as {@link #message(int)}
	 * @return the id
	 */
	public MessageId message(int partition, int index) {
		return MessageIds.of(partition, this.segment, this.entry, index);
	}

	/**
	 * The position before this one in its segment.
	 * @return a position between which and this one there is no entry; itself if it is
	 * before the first one
	 */
	public Position before() {
		return new Position(this.segment, Math.max(this.entry - 1, -1));
	}

	/**
	 * The position after this one in its segment, where an entry need not stand.
	 * @return the position
	 */
	public Position after() {
		return new Position(this.segment, this.entry + 1);
	}

	/**
	 * Whether this position comes after the other one.
	 * @param other another position of the same topic
	 * @return whether it does
	 */
	public boolean isAfter(Position other) {
		return compareTo(other) > 0;
	}

	@Override
	public int compareTo(Position other) {
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		return this.segment + ":" + this.entry;
	}

}
