package io.weir.client;

/** Checks of settings; each failure names the setting, its value and what is allowed. */
final class Require {

	private Require() {
	}

	static int atLeast(String setting, int minimum, int value) {
		if (value < minimum) {
			throw new IllegalArgumentException(setting + " must be at least " + minimum + ", was " + value);
		}
		return value;
	}

	static long atLeast(String setting, long minimum, long value) {
		if (value < minimum) {
			throw new IllegalArgumentException(setting + " must be at least " + minimum + ", was " + value);
		}
		return value;
	}

	static int between(String setting, int minimum, int maximum, int value) {
		if (value < minimum || value > maximum) {
			throw new IllegalArgumentException(
					setting + " must be from " + minimum + " to " + maximum + ", was " + value);
		}
		return value;
	}

	static String notBlank(String setting, String value) {
		if (value.isBlank()) {
			throw new IllegalArgumentException(setting + " must not be blank");
		}
		return value;
	}

}
