package io.weir.broker.engine;

import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * The names of producers by which the broker itself forwards messages, and of the
 * subscription that says what it has replayed.
 */
public final class ForwardNames {

	/** What is acknowledged there was replayed; it has no consumers. */
	public static final String REPLAYED = "weir:replay";

	private static final String PREFIX = "weir:forward:";

	/** What the purpose of a dead letter begins with. */
	public static final String DEAD_LETTER = "dead-letter:";

	private ForwardNames() {
	}

	/** The name for an entry, which no other entry has. */
	public static String of(Topic from, String purpose, Position source) {
		return PREFIX + from + ":" + source + ":" + purpose;
	}

	/**
	 * Whether a producer forwards dead letters.
	 * @param name its name
	 * @return whether it does
	 */
	public static boolean isOfDeadLetters(String name) {
		return name.startsWith(PREFIX) && name.contains(":" + DEAD_LETTER);
	}

	/**
	 * Whether a name is the broker's own, which clients must not use.
	 * @param name a producer's name, or a subscription's
	 * @return whether it is
	 */
	public static boolean isReserved(String name) {
		return name.startsWith("weir:");
	}

}
