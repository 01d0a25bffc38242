package io.weir.wire;

/** What is said of an error, for people: it is cut off rather than refused. */
public final class ErrorText {

	/** So many characters are kept of what is said of a message that is given back. */
	public static final int MAX_CHARACTERS = 1_000;

	private ErrorText() {
	}

	/**
	 * Cuts what is said of a message that is given back.
	 * @param text the text
	 * @return its first {@value #MAX_CHARACTERS} characters, or one less rather than half
	 * a pair of surrogates
	 */
	public static String cut(String text) {
		return cut(text, MAX_CHARACTERS);
	}

	/**
	 * Cuts a text between two code points.
	 * @param text the text
	 * @param characters how many characters at most, from 1
	 * @return its beginning
	 */
	public static String cut(String text, int characters) {
		if (text.length() <= characters) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters);
	}

}
