package io.weir.message;

import java.util.Comparator;
import java.util.Objects;

/**
 * A place in a topic's log, totally ordered within the topic. Its numbers mean something
 * to the storage engine only: a log may number its entries in one run or in segments.
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
	 * Whether this position comes after the other one.
	 * @param other another position of the same topic
	 * @return whether it does
	 */
	public boolean isAfter(Position other) {
		return compareTo(other) > 0;
	}

	@Override
	public int compareTo(Position other) {
		Objects.requireNonNull(other, "other");
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		return this.segment + ":" + this.entry;
	}

}
