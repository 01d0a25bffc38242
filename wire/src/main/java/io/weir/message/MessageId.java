package io.weir.message;

import java.util.Comparator;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Identifies a stored message within its topic. What is inside means something to the
 * broker only: an application compares ids, keeps them as text, and gives them back.
 *
 * <pre>{@code
 * MessageId id = producer.send("hello");
 * String kept = id.toString();
 * Reader<String> reader = client.reader(Schema.string()).topic("greetings").startAt(MessageId.parse(kept)).create();
 * }</pre>
 *
 * Ids of one partition are ordered as its messages were stored; a topic without
 * partitions is one. Between partitions no order of storing exists: their ids are ordered
 * partition by partition, so that sorting is always possible and gives the same each
 * time. An id that is not {@linkplain #isKnown() known} comes before all others.
 */
public final class MessageId implements Comparable<MessageId> {

	static final MessageId UNKNOWN = new MessageId(-1, 0, 0, 0);

	private static final Comparator<MessageId> ORDER = Comparator.<MessageId>comparingInt((id) -> id.partition)
		.thenComparingLong((id) -> id.segment)
		.thenComparingLong((id) -> id.entry)
		.thenComparingInt((id) -> id.index);

	final int partition;

	final long segment;

	final long entry;

	final int index;

	MessageId(int partition, long segment, long entry, int index) {
		this.partition = partition;
		this.segment = segment;
		this.entry = entry;
		this.index = index;
	}

	/**
	 * Reads what {@link #toString()} wrote.
	 * @param text the text
	 * @return the id
	 * @throws IllegalArgumentException if the text is not that of an id; says what is
	 * allowed
	 */
	public static MessageId parse(String text) {
		return MessageIds.parse(Objects.requireNonNull(text, "text"));
	}

	/**
	 * Whether the id says which message it is. If not, the message is stored all the
	 * same: it was sent again after the connection was lost, and the broker knows that it
	 * has it, but no longer where. Such an id cannot be used to find the message, and is
	 * equal to every other of its kind.
	 * @return {@code false} for such an id, which is rare
	 */
	public boolean isKnown() {
		return this.partition >= 0;
	}

	@Override
	public int compareTo(MessageId other) {
		return ORDER.compare(this, Objects.requireNonNull(other, "other"));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof MessageId id && this.index == id.index && this.entry == id.entry
				&& this.segment == id.segment && this.partition == id.partition;
	}

	@Override
	public int hashCode() {
		int hash = 31 * Long.hashCode(this.segment) + Long.hashCode(this.entry);
		return 31 * (31 * hash + this.index) + this.partition;
	}

	/**
	 * The id as text, to be kept and {@linkplain #parse(String) read} again.
	 * @return the text, of at most 55 letters, digits and colons
	 */
	@Override
	public String toString() {
		return MessageIds.print(this);
	}

}
