package io.weir.broker.engine;

import java.util.UUID;

/**
 * The names that a broker makes for producers without one. They are known by their form,
 * also by another broker, and after a restart.
 */
public final class GeneratedNames {

	private static final String PREFIX = "producer-";

	private static final int UUID_LENGTH = 36;

	private GeneratedNames() {
	}

	/**
	 * Makes a name that nobody else has.
	 * @return the name
	 */
	public static String next() {
		return PREFIX + UUID.randomUUID();
	}

	/** Whether a name was made so, as far as its form tells. */
	public static boolean isGenerated(String name) {
		if (!name.startsWith(PREFIX) || name.length() != PREFIX.length() + UUID_LENGTH) {
			return false;
		}
		try {
			return name.endsWith(UUID.fromString(name.substring(PREFIX.length())).toString());
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
