package io.weir.broker.engine.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How much each of many may take in a period: all of it at once, and then what has grown
 * again, evenly with time. Whoever has all of it is not remembered. Safe to use from any
 * thread.
 */
final class Allowances {

	/** Then those that are to be forgotten are looked for. */
	private static final int MANY = 1024;

	private final Map<Object, Allowance> allowances = new HashMap<>();

	private final double most;

	private final long period;

	private final LongSupplier clock;

	private int lookAt = MANY;

	/**
	 * Creates allowances.
	 * @param most how much each may take
	 * @param period in how long, by the clock
	 * @param clock tells the time
	 */
	Allowances(long most, long period, LongSupplier clock) {
		this.most = most;
		this.period = period;
		this.clock = clock;
	}

	/** Takes one, if there is one left for who asks. */
	synchronized boolean tryTake(Object who) {
		long now = this.clock.getAsLong();
		Allowance known = this.allowances.get(who);
		double left = (known != null) ? left(known, now) : this.most;
		if (left < 1) {
			return false;
		}
		this.allowances.put(who, new Allowance(left - 1, now));
		if (this.allowances.size() > this.lookAt) {
			this.allowances.values().removeIf((each) -> left(each, now) >= this.most);
			this.lookAt = Math.max(MANY, 2 * this.allowances.size());
		}
		return true;
	}

	private double left(Allowance allowance, long now) {
		// The clock may have been set back.
		long elapsed = Math.max(0, now - allowance.since);
		return Math.min(this.most, allowance.left + this.most * elapsed / this.period);
	}

	/** How many are remembered. */
	synchronized int size() {
		return this.allowances.size();
	}

	private record Allowance(double left, long since) {
	}

}
