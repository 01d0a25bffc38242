package io.weir.spring.autoconfigure.common;

import java.util.stream.IntStream;

/** How many letters must be changed to make one text of another (Levenshtein, 1965). */
final class EditDistance {

	private EditDistance() {
	}

	static int between(String from, String to) {
		int[] previous = IntStream.rangeClosed(0, to.length()).toArray();
		for (int i = 1; i <= from.length(); i++) {
			int[] current = new int[to.length() + 1];
			current[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = previous[j - 1] + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
			}
			previous = current;
		}
		return previous[to.length()];
	}

}
