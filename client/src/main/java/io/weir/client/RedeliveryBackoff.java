package io.weir.client;

import java.time.Duration;

import io.weir.setting.InvalidSettingException;
import io.weir.time.DurationRange;

/**
 * How long a message that was given back waits before it is delivered again. Called on
 * the thread that gives the message back; must be safe for use by several threads and
 * must not block.
 */
@FunctionalInterface
public interface RedeliveryBackoff {

	/**
	 * The delay before the next delivery.
	 * @param redeliveryCount how often the message was delivered again so far, from 0
	 * @return the delay; zero or less gives the message back at once, more than 365 days
	 * count as 365
	 */
	Duration next(int redeliveryCount);

	/**
	 * No delay.
	 * @return a back-off that gives messages back at once
	 */
	static RedeliveryBackoff none() {
		return (redeliveryCount) -> Duration.ZERO;
	}

	/**
	 * A delay that grows with each delivery.
	 * @param initial the delay after the first delivery, from zero
	 * @param multiplier what it is multiplied by after each further one, from 1
	 * @param max the longest delay, not less than the first and at most 365 days
	 * @return the back-off
	 * @throws IllegalArgumentException naming what is allowed
	 */
	static RedeliveryBackoff exponential(Duration initial, double multiplier, Duration max) {
		DurationRange.FROM_ZERO.check("initial", initial);
		DurationRange.FROM_ZERO.check("max", max);
		if (!(multiplier >= 1) || Double.isInfinite(multiplier)) {
			throw new InvalidSettingException("multiplier", "must be at least 1", multiplier);
		}
		if (max.compareTo(initial) < 0) {
			throw new InvalidSettingException("max", "must not be less than initial (" + initial + ")", max);
		}
		if (initial.isZero()) {
			return none();
		}
		return (redeliveryCount) -> {
			double nanos = initial.toNanos() * Math.pow(multiplier, redeliveryCount);
			return (nanos < max.toNanos()) ? Duration.ofNanos((long) nanos) : max;
		};
	}

}
