package io.weir.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.weir.setting.InvalidSettingException;
import io.weir.time.BackoffRule;
import io.weir.time.DurationRange;

/** A back-off that the broker can follow by itself. */
record ExponentialBackoff(Duration initial, double multiplier, Duration max) implements RedeliveryBackoff {

	static final ExponentialBackoff NONE = new ExponentialBackoff(Duration.ZERO, 1, Duration.ZERO);

	static ExponentialBackoff of(Duration initial, double multiplier, Duration max) {
		DurationRange.FROM_ZERO.check("initial", initial);
		DurationRange.FROM_ZERO.check("max", max);
		if (!(multiplier >= 1) || Double.isInfinite(multiplier)) {
			throw new InvalidSettingException("multiplier", "must be at least 1", multiplier);
		}
		if (max.compareTo(initial) < 0) {
			throw new InvalidSettingException("max", "must not be less than initial (" + initial + ")", max);
		}
		return initial.isZero() ? NONE : new ExponentialBackoff(initial, multiplier, max);
	}

	/**
	 * What the broker is told of a back-off, in milliseconds.
	 * @return the rule; {@code null} if it is a function of the application's
	 */
	static @Nullable BackoffRule ruleOf(RedeliveryBackoff backoff) {
		return (backoff instanceof ExponentialBackoff rule) ? new BackoffRule(DurationRange.waitMillis(rule.initial),
				rule.multiplier, DurationRange.waitMillis(rule.max), 0) : null;
	}

	@Override
	public Duration next(int redeliveryCount) {
		double nanos = this.initial.toNanos() * Math.pow(this.multiplier, redeliveryCount);
		return (nanos < this.max.toNanos()) ? Duration.ofNanos((long) nanos) : this.max;
	}

}
