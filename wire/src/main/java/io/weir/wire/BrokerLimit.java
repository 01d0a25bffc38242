package io.weir.wire;

import java.util.Locale;

/**
 * What a broker bounds of what its clients can take of it, together or each. The page
 * {@code docs/limits.md} has a row for each.
 */
public enum BrokerLimit {

	/** How many clients are connected. */
	CONNECTIONS(Unit.NUMBER, Scope.BROKER, 1, 1_000_000, 128 * Sizes.KIB, 10_000),
	/** How many clients are connected from one address (of IPv6, from one /64). */
	CONNECTIONS_PER_ADDRESS(Unit.NUMBER, Scope.CONNECTION, 1, 1_000_000, 512 * Sizes.KIB, 2_500),
	/** How many connections are between their first packet and CONNECT. */
	OPENING_CONNECTIONS(Unit.NUMBER, Scope.BROKER, 1, 1_000_000, Sizes.MIB, 1_000),
	/** How long a connection may take from its first packet to CONNECT. */
	CONNECT_TIMEOUT(Unit.MILLISECONDS, Scope.CONNECTION, 100, 3_600_000, Sizes.WHOLE, 10_000),
	/** In which time an incomplete frame must get on. */
	FRAME_TIMEOUT(Unit.MILLISECONDS, Scope.CONNECTION, 100, 3_600_000, Sizes.WHOLE, 30_000),
	/** How long a session is kept of which nothing is heard. */
	SESSION_TIMEOUT(Unit.MILLISECONDS, Scope.CONNECTION, 1_000, 3_600_000, Sizes.WHOLE, Limits.DEFAULT_SESSION_TIMEOUT),
	/** How many streams a client may have open. */
	STREAMS(Unit.NUMBER, Scope.CONNECTION, 2, 65_536, Sizes.WHOLE, 1024),
	/** How many streams a client may have open before CONNECT. */
	STREAMS_BEFORE_CONNECT(Unit.NUMBER, Scope.CONNECTION, 1, 65_536, Sizes.WHOLE, 4),
	/** Memory for what has come and was not answered, incomplete or not. */
	INCOMING_MEMORY(Unit.BYTES, Scope.BROKER, Sizes.MIB, Sizes.TIB, 4, Sizes.TIB),
	/** Memory of one connection for frames that are incomplete, beside the longest. */
	INCOMING_MEMORY_PER_CONNECTION(Unit.BYTES, Scope.CONNECTION, Sizes.MIB, Sizes.TIB, Sizes.WHOLE, 64 * Sizes.MIB),
	/** The same before CONNECT, in all; the longest token fits. */
	INCOMING_MEMORY_BEFORE_CONNECT(Unit.BYTES, Scope.CONNECTION, Sizes.KIB, Sizes.TIB, Sizes.WHOLE, 72 * Sizes.KIB),
	/** Memory for the requests of one connection that are not answered. */
	REQUEST_MEMORY_PER_CONNECTION(Unit.BYTES, Scope.CONNECTION, 64 * Sizes.KIB, Sizes.TIB, Sizes.WHOLE, 8 * Sizes.MIB),
	/** Memory for what is said to clients and waits to be sent. */
	OUTGOING_MEMORY(Unit.BYTES, Scope.BROKER, Sizes.MIB, Sizes.TIB, 8, Sizes.TIB),
	/** The same for one connection. */
	OUTGOING_MEMORY_PER_CONNECTION(Unit.BYTES, Scope.CONNECTION, 64 * Sizes.KIB, Sizes.TIB, Sizes.WHOLE, 8 * Sizes.MIB),
	/** The same for one stream. */
	OUTGOING_MEMORY_PER_STREAM(Unit.BYTES, Scope.CONNECTION, 16 * Sizes.KIB, Sizes.TIB, Sizes.WHOLE, 256 * Sizes.KIB),
	/** How many topics there are. */
	TOPICS(Unit.NUMBER, Scope.BROKER, 1, 10_000_000, 8 * Sizes.KIB, 100_000),
	/** How many topics clients of one address (of IPv6, one /64) may make in an hour. */
	NEW_TOPICS_PER_ADDRESS(Unit.NUMBER, Scope.CONNECTION, 1, 10_000_000, Sizes.WHOLE, 10_000),
	/** After what time a topic leaves the memory in which nothing happens. */
	TOPIC_IDLE_TIME(Unit.MILLISECONDS, Scope.CONNECTION, 1_000, 31_536_000_000L, Sizes.WHOLE, 300_000),
	/** How many subscriptions a topic may have. */
	SUBSCRIPTIONS_PER_TOPIC(Unit.NUMBER, Scope.CONNECTION, 1, 1_000_000, Sizes.WHOLE, 5_000),
	/** How many producers all clients may have open of one topic. */
	PRODUCERS_PER_TOPIC(Unit.NUMBER, Scope.CONNECTION, 1, 1_000_000, Sizes.WHOLE, 10_000),
	/** How many consumers and readers all clients may have open of one topic. */
	CONSUMERS_PER_TOPIC(Unit.NUMBER, Scope.CONNECTION, 1, 1_000_000, Sizes.WHOLE, 10_000),
	/** How many producers a client may have open on one connection. */
	PRODUCERS_PER_CONNECTION(Unit.NUMBER, Scope.CONNECTION, 1, 1_000_000, Sizes.WHOLE, 10_000),
	/** How many consumers and readers a client may have open on one connection. */
	CONSUMERS_PER_CONNECTION(Unit.NUMBER, Scope.CONNECTION, 1, 1_000_000, Sizes.WHOLE, 10_000),
	/** How many consumers and readers all clients may have open together. */
	CONSUMERS(Unit.NUMBER, Scope.BROKER, 1, 10_000_000, 32 * Sizes.KIB, 1_000_000),
	/** How many entries all subscriptions may have that are read and not acknowledged. */
	PENDING_ENTRIES(Unit.NUMBER, Scope.BROKER, 100, 1_000_000_000, 4 * Sizes.KIB, 100_000_000),
	/** How many names of producers all topics together remember. */
	PRODUCER_NAMES(Unit.NUMBER, Scope.BROKER, 1, 10_000_000, 4 * Sizes.KIB, 1_000_000),
	/** How many names of producers a topic remembers. */
	PRODUCER_NAMES_PER_TOPIC(Unit.NUMBER, Scope.CONNECTION, 1, 1_000_000, Sizes.WHOLE, 10_000),
	/** How long a producer's name is remembered that nobody uses. */
	PRODUCER_NAME_EXPIRY(Unit.MILLISECONDS, Scope.CONNECTION, 60_000, 31_536_000_000L, Sizes.WHOLE, 604_800_000),
	/** The same for a name that the broker made, whose client went without a word. */
	GENERATED_NAME_EXPIRY(Unit.MILLISECONDS, Scope.CONNECTION, 60_000, 31_536_000_000L, Sizes.WHOLE, 600_000),
	/** How far ahead a message may be that is to be delivered later. */
	MESSAGE_DELAY(Unit.MILLISECONDS, Scope.CONNECTION, 1_000, 3_153_600_000_000L, Sizes.WHOLE, 31_536_000_000L);

	/** What a limit's number counts. */
	public enum Unit {

		/** Things. */
		NUMBER,
		/** Bytes. */
		BYTES,
		/** Milliseconds. */
		MILLISECONDS

	}

	/** For whom a limit is. */
	public enum Scope {

		/** For all clients together: what is used of it is known at any time. */
		BROKER,
		/** For each connection, stream or address. */
		CONNECTION

	}

	private final Unit unit;

	private final Scope scope;

	private final long min;

	private final long max;

	private final long part;

	private final long most;

	/**
	 * Creates a limit.
	 * @param part what the memory is divided by for the default
	 * @param most the highest default
	 */
	BrokerLimit(Unit unit, Scope scope, long min, long max, long part, long most) {
		this.unit = unit;
		this.scope = scope;
		this.min = min;
		this.max = max;
		this.part = part;
		this.most = most;
	}

	/**
	 * The limit's name in properties and meters.
	 * @return lower-case words with hyphens
	 */
	public String key() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * The property that sets the limit.
	 * @return its whole name
	 */
	public String property() {
		return "weir.broker.limits." + key();
	}

	/**
	 * What the limit's number counts.
	 * @return the unit
	 */
	public Unit unit() {
		return this.unit;
	}

	/**
	 * For whom the limit is.
	 * @return the scope
	 */
	public Scope scope() {
		return this.scope;
	}

	/**
	 * The lowest value that can be configured.
	 * @return in the limit's unit
	 */
	public long min() {
		return this.min;
	}

	/**
	 * The highest value that can be configured.
	 * @return in the limit's unit
	 */
	public long max() {
		return this.max;
	}

	/**
	 * The value unless configured.
	 * @param memory how much the process may use, in bytes
	 * @return in the limit's unit
	 */
	public long defaultValue(long memory) {
		return (this.part == Sizes.WHOLE) ? this.most : Math.max(this.min, Math.min(this.most, memory / this.part));
	}

	private static final class Sizes {

		/** By what the memory is divided if the default is no part of it. */
		static final long WHOLE = 1;

		static final long KIB = 1024;

		static final long MIB = 1024 * KIB;

		static final long TIB = 1024 * 1024 * MIB;

	}

}
