package io.weir.message;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of a topic: 1 to {@value #MAX_LENGTH} characters out of letters, digits and
 * {@code . _ - / :}, beginning with a letter or a digit.
 *
 * @param name the name, unique within a broker
 */
public record Topic(String name) implements Comparable<Topic> {

	/** The longest name, in characters. */
	public static final int MAX_LENGTH = 255;

	private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:-]{0," + (MAX_LENGTH - 1) + "}");

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

	@Override
	public int compareTo(Topic other) {
		return this.name.compareTo(other.name);
	}

	@Override
	public String toString() {
		return this.name;
	}

}
