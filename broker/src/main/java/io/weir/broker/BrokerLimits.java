package io.weir.broker;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import io.netty.util.internal.PlatformDependent;

import io.weir.wire.BrokerLimit;

/**
 * How much clients may take of a broker. Immutable. What each limit is for, and what
 * happens at it, is in {@code docs/limits.md}.
 */
public final class BrokerLimits {

	private final Map<BrokerLimit, Long> values;

	private BrokerLimits(Map<BrokerLimit, Long> values) {
		this.values = values;
	}

	/**
	 * The limits unless configured, some of which depend on the memory that this JVM may
	 * use: the lesser of its heap and its direct memory.
	 * @return the defaults
	 */
	public static BrokerLimits defaults() {
		return defaults(Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.estimateMaxDirectMemory()));
	}

	/** The defaults for a JVM that may use so many bytes. */
	static BrokerLimits defaults(long memory) {
		Map<BrokerLimit, Long> values = new EnumMap<>(BrokerLimit.class);
		for (BrokerLimit limit : BrokerLimit.values()) {
			values.put(limit, limit.defaultValue(memory));
		}
		return new BrokerLimits(values);
	}

	/**
	 * The same with another value of one limit.
	 * @param limit the limit
	 * @param value in the limit's unit: a number, bytes or milliseconds
	 * @return new limits
	 * @throws IllegalArgumentException that names what is allowed
	 */
	public BrokerLimits with(BrokerLimit limit, long value) {
		if (value < limit.min() || value > limit.max()) {
			throw new IllegalArgumentException("The limit " + limit.key() + " must be from " + limit.min() + " to "
					+ limit.max() + unit(limit) + ", was " + value);
		}
		Map<BrokerLimit, Long> changed = new EnumMap<>(this.values);
		changed.put(limit, value);
		return new BrokerLimits(changed);
	}

	private static String unit(BrokerLimit limit) {
		return switch (limit.unit()) {
			case NUMBER -> "";
			case BYTES -> " bytes";
			case MILLISECONDS -> " ms";
		};
	}

	/**
	 * The value of a limit.
	 * @param limit the limit
	 * @return in the limit's unit
	 */
	public long value(BrokerLimit limit) {
		Objects.requireNonNull(limit, "limit");
		return this.values.getOrDefault(limit, 0L);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof BrokerLimits limits && this.values.equals(limits.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return "BrokerLimits" + this.values;
	}

}
