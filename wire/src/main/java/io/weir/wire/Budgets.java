package io.weir.wire;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * The budgets of a broker, or of a client, who has no limits. Safe to use from any
 * thread.
 */
public final class Budgets {

	private final Map<BrokerLimit, Budget> budgets = new EnumMap<>(BrokerLimit.class);

	/**
	 * Creates budgets of which nothing is used.
	 * @param limits tells how much there is of each
	 */
	public Budgets(ToLongFunction<BrokerLimit> limits) {
		for (BrokerLimit limit : BrokerLimit.values()) {
			this.budgets.put(limit, new Budget(limits.applyAsLong(limit)));
		}
	}

	/**
	 * Budgets that are never used up.
	 * @return new budgets
	 */
	public static Budgets unlimited() {
		return new Budgets((limit) -> Long.MAX_VALUE);
	}

	/**
	 * The budget for a limit.
	 * @param limit the limit
	 * @return its budget
	 */
	public Budget of(BrokerLimit limit) {
		return Objects.requireNonNull(this.budgets.get(limit), "Each limit has a budget");
	}

}
