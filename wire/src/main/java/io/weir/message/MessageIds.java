package io.weir.message;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is inside a {@link MessageId}: the partition, and in it the segment, the entry and
 * the index of the message in the entry. For the client and the broker, not for
 * applications: the numbers may come to mean something else.
 */
public final class MessageIds {

	/** The highest number of a segment and of an entry: 2⁶² − 1. */
	public static final long MAX_NUMBER = (1L << 62) - 1;

	/**
	 * The highest index, which no message has: the place after the last message of an
	 * entry that is full.
	 */
	public static final int MAX_INDEX = 8192;

	private static final String UNKNOWN = "unknown";

	private static final Pattern KNOWN = Pattern.compile("(\\d{1,10}):(\\d{1,19}):(\\d{1,19}):(\\d{1,4})");

	private MessageIds() {
	}

	/**
	 * Makes an id.
	 * @param partition the partition of the topic, from 0; 0 if it has none
	 * @param segment the segment of the partition's log, from 0
	 * @param entry the entry, from 0
	 * @param index the place among the messages of the entry, from 0
	 * @return the id
	 * @throws IllegalArgumentException if a number is not allowed
	 */
	public static MessageId of(int partition, long segment, long entry, int index) {
		if (partition < 0 || isOutside(segment) || isOutside(entry) || index < 0 || index > MAX_INDEX) {
			throw new IllegalArgumentException(
					"No message has the id " + partition + ":" + segment + ":" + entry + ":" + index + allowed());
		}
		return new MessageId(partition, segment, entry, index);
	}

	/**
	 * The id of a message of which nobody knows where it is stored.
	 * @return the id
	 */
	public static MessageId unknown() {
		return MessageId.UNKNOWN;
	}

	/**
	 * The partition of the topic.
	 * @param id an id that is known
	 * @return the partition, from 0
	 */
	public static int partition(MessageId id) {
		return id.partition;
	}

	/**
	 * The segment of the log.
	 * @param id an id that is known
	 * @return the segment, from 0
	 */
	public static long segment(MessageId id) {
		return id.segment;
	}

	/**
	 * The entry that holds the message.
	 * @param id an id that is known
	 * @return the entry, from 0
	 */
	public static long entry(MessageId id) {
		return id.entry;
	}

	/**
	 * The message's place among those of its entry.
	 * @param id an id that is known
	 * @return the index, from 0
	 */
	public static int index(MessageId id) {
		return id.index;
	}

	static MessageId parse(String text) {
		if (text.equals(UNKNOWN)) {
			return MessageId.UNKNOWN;
		}
		Matcher numbers = KNOWN.matcher(text);
		try {
			if (numbers.matches()) {
				return of(Integer.parseInt(numbers.group(1)), Long.parseLong(numbers.group(2)),
						Long.parseLong(numbers.group(3)), Integer.parseInt(numbers.group(4)));
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(notAnId(text), ex);
		}
		throw new IllegalArgumentException(notAnId(text));
	}

	static String print(MessageId id) {
		return id.isKnown() ? id.partition + ":" + id.segment + ":" + id.entry + ":" + id.index : UNKNOWN;
	}

	private static boolean isOutside(long number) {
		return number < 0 || number > MAX_NUMBER;
	}

	private static String notAnId(String text) {
		return "Not a message id: '" + text + "'; expected partition:segment:entry:index, such as 0:0:42:7" + allowed()
				+ "; or " + UNKNOWN;
	}

	private static String allowed() {
		return "; the partition is from 0 to " + Integer.MAX_VALUE + ", segment and entry are from 0 to " + MAX_NUMBER
				+ ", the index is from 0 to " + MAX_INDEX;
	}

}
