package io.weir.message;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of a topic: 1 to {@value #MAX_LENGTH} characters out of letters, digits and
 * {@code . _ - / :}, beginning with a letter or a digit. A topic with partitions is one
 * topic for its users; for those who store and carry it each partition is a topic of its
 * own, the first with the topic's name, the others with the number after it:
 * {@code orders}, {@code orders#1}, {@code orders#2}.
 *
 * @param name the name, unique within a broker
 */
public record Topic(String name) implements Comparable<Topic> {

	/** The longest name, in characters. */
	public static final int MAX_LENGTH = 255;

	/** The most partitions that a topic can have. */
	public static final int MAX_PARTITIONS = 1024;

	/**
	 * Comes between the topic's name and the number of a partition; no application can
	 * have it in a name.
	 */
	public static final String SEPARATOR = "#";

	private static final Pattern ALLOWED = Pattern
		.compile("[A-Za-z0-9][A-Za-z0-9._/:-]{0," + (MAX_LENGTH - 1) + "}(#[1-9][0-9]{0,3})?");

	/**
	 * Checks the name.
	 * @throws IllegalArgumentException if it is not a topic name
	 */
	public Topic {
		Objects.requireNonNull(name, "name");
		if (!ALLOWED.matcher(name).matches()) {
			throw new IllegalArgumentException("Topic name '" + name + "' is not allowed: 1 to " + MAX_LENGTH
					+ " characters, letters, digits and . _ - / : only, beginning with a letter or digit");
		}
	}

	/**
	 * Checks a name that an application chose.
	 * @param name the name
	 * @return the topic
	 * @throws IllegalArgumentException if it is not a topic's name, or is that of one of
	 * its partitions
	 */
	public static Topic named(String name) {
		Topic topic = new Topic(name);
		if (topic.partition() > 0) {
			throw new IllegalArgumentException("Topic name '" + name + "' is not allowed: it is that of partition "
					+ topic.partition() + " of topic '" + topic.whole() + "', which is used by its own name");
		}
		return topic;
	}

	/**
	 * One of the topic's partitions.
	 * @param number from 0, which is the topic itself
	 * @return the partition
	 * @throws IllegalArgumentException if this is a partition already, or there is no
	 * such number
	 */
	public Topic partition(int number) {
		if (number < 0 || number >= MAX_PARTITIONS || partition() > 0) {
			throw new IllegalArgumentException("No topic is partition " + number + " of " + this.name);
		}
		return (number > 0) ? new Topic(this.name + SEPARATOR + number) : this;
	}

	/**
	 * Which partition this is.
	 * @return 0 for the first partition, and for a topic without partitions
	 */
	public int partition() {
		int separator = this.name.lastIndexOf(SEPARATOR);
		return (separator < 0) ? 0 : Integer.parseInt(this.name, separator + 1, this.name.length(), 10);
	}

	/**
	 * The topic that this is a partition of.
	 * @return itself for the first partition, and for a topic without partitions
	 */
	public Topic whole() {
		int separator = this.name.lastIndexOf(SEPARATOR);
		return (separator < 0) ? this : new Topic(this.name.substring(0, separator));
	}

	@Override
	public int compareTo(Topic other) {
		return this.name.compareTo(other.name);
	}

	@Override
	public String toString() {
		return this.name;
	}

}
