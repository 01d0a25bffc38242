package io.weir.message;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Names of topics: {@code *} stands for any characters, none included, everything else
 * for itself. {@code orders.*} are {@code orders.eu} and {@code orders.us.new}, and not
 * {@code orders}. To match takes no longer than the lengths of both say, whoever wrote
 * the pattern.
 *
 * @param text the pattern
 */
public record TopicPattern(String text) {

	private static final Pattern ALLOWED = Pattern
		.compile("[A-Za-z0-9*][A-Za-z0-9._/:*-]{0," + (Topic.MAX_LENGTH - 1) + "}");

	/**
	 * Checks the pattern.
	 * @throws IllegalArgumentException if no topic could match it
	 */
	public TopicPattern {
		Objects.requireNonNull(text, "text");
		if (!ALLOWED.matcher(text).matches()) {
			throw new IllegalArgumentException("Topic pattern '" + text + "' is not allowed: 1 to " + Topic.MAX_LENGTH
					+ " characters, letters, digits, . _ - / : and * for any characters, beginning with a letter, "
					+ "a digit or *");
		}
	}

	/**
	 * How all names begin that match.
	 * @return what comes before the first {@code *}
	 */
	public String prefix() {
		int star = this.text.indexOf('*');
		return (star < 0) ? this.text : this.text.substring(0, star);
	}

	/**
	 * Whether a name matches.
	 * @param name the name of a topic
	 * @return whether it does
	 */
	public boolean matches(String name) {
		int at = 0;
		int in = 0;
		int star = -1;
		int tried = 0;
		while (in < name.length()) {
			if (at < this.text.length() && this.text.charAt(at) == '*') {
				star = at++;
				tried = in;
			}
			else if (at < this.text.length() && this.text.charAt(at) == name.charAt(in)) {
				at++;
				in++;
			}
			else if (star >= 0) {
				// The last star stands for one character more.
				at = star + 1;
				in = ++tried;
			}
			else {
				return false;
			}
		}
		return this.text.substring(at).chars().allMatch((each) -> each == '*');
	}

	@Override
	public String toString() {
		return this.text;
	}

}
