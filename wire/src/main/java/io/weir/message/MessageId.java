package io.weir.message;

import java.util.Comparator;
import java.util.Objects;

/**
 * Identifies a stored message within its topic. Ids of one topic are ordered as the
 * messages were stored; nothing else about the numbers is promised.
 *
 * @param position the log entry that holds the message
 * @param index the message's place among those stored in the same entry, from 0
 */
public record MessageId(Position position, int index) implements Comparable<MessageId> {

	private static final Comparator<MessageId> ORDER = Comparator.comparing(MessageId::position)
		.thenComparingInt(MessageId::index);

	/**
	 * Checks the index.
	 * @throws IllegalArgumentException if it is negative
	 */
	public MessageId {
		Objects.requireNonNull(position, "position");
		if (index < 0) {
			throw new IllegalArgumentException("The index of a message must not be negative, was " + index);
		}
	}

	/**
	 * Reads what {@link #toString()} wrote.
	 * @param text {@code segment:entry:index}
	 * @return the id
	 * @throws IllegalArgumentException if the text has another form
	 */
	public static MessageId parse(String text) {
		String[] parts = text.split(":", -1);
		try {
			if (parts.length == 3) {
				return new MessageId(new Position(Long.parseLong(parts[0]), Long.parseLong(parts[1])),
						Integer.parseInt(parts[2]));
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(notAnId(text), ex);
		}
		throw new IllegalArgumentException(notAnId(text));
	}

	private static String notAnId(String text) {
		return "Not a message id: '" + text + "'; expected segment:entry:index, such as 0:42:0";
	}

	@Override
	public int compareTo(MessageId other) {
		Objects.requireNonNull(other, "other");
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		return this.position + ":" + this.index;
	}

}
