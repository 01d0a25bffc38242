package io.weir.time;

import java.time.Duration;
import java.util.Objects;

import io.weir.setting.InvalidSettingException;

/**
 * The durations that a setting allows. The rule for all of them: a duration that is
 * configured is refused unless it is in its setting's range, which never goes beyond
 * {@link #LONGEST}; how long a method is asked to wait may be anything, and what is
 * longer than {@link #LONGEST}, or negative, counts as {@link #LONGEST}, or zero.
 *
 * @param min the shortest
 * @param max the longest
 */
public record DurationRange(Duration min, Duration max) {

	/** Longer than anybody waits, and short enough to reckon with: 365 days. */
	public static final Duration LONGEST = Duration.ofDays(365);

	/** For what may be zero, which means at once or never, as the setting says. */
	public static final DurationRange FROM_ZERO = new DurationRange(Duration.ZERO, LONGEST);

	/** For what must take some time. */
	public static final DurationRange FROM_ONE_MILLISECOND = new DurationRange(Duration.ofMillis(1), LONGEST);

	/** The same, for what Netty counts in milliseconds of 32 bits. */
	public static final DurationRange FROM_ONE_MILLISECOND_TO_24_DAYS = new DurationRange(Duration.ofMillis(1),
			Duration.ofDays(24));

	/**
	 * Checks a setting.
	 * @param setting its name
	 * @param value its value
	 * @return the value
	 * @throws InvalidSettingException naming the setting, what is allowed and the value
	 * @throws NullPointerException naming the setting
	 */
	public Duration check(String setting, Duration value) {
		Objects.requireNonNull(value, setting);
		if (!contains(value)) {
			throw new InvalidSettingException(setting, "must be " + this, value);
		}
		return value;
	}

	/**
	 * Whether a duration is allowed.
	 * @param value the duration
	 * @return whether it is
	 */
	public boolean contains(Duration value) {
		return value.compareTo(this.min) >= 0 && value.compareTo(this.max) <= 0;
	}

	/**
	 * How long to wait for somebody who says so at the call.
	 * @param asked any duration
	 * @return the same, at least zero and at most {@link #LONGEST}
	 */
	public static Duration wait(Duration asked) {
		if (asked.isNegative()) {
			return Duration.ZERO;
		}
		return (asked.compareTo(LONGEST) < 0) ? asked : LONGEST;
	}

	/**
	 * As {@link #wait(Duration)}, in nanoseconds.
	 * @param asked any duration
	 * @return from 0
	 */
	public static long waitNanos(Duration asked) {
		return wait(asked).toNanos();
	}

	/**
	 * As {@link #wait(Duration)}, in milliseconds, rounded up: less than one does not
	 * become none, which often means never.
	 * @param asked any duration
	 * @return from 0
	 */
	public static long waitMillis(Duration asked) {
		return wait(asked).plusNanos(999_999).toMillis();
	}

	/** As people write it: {@code from 1ms to 365d}. */
	@Override
	public String toString() {
		return "from " + text(this.min) + " to " + text(this.max);
	}

	private static String text(Duration duration) {
		if (duration.isZero()) {
			return "0";
		}
		if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
			return duration.toMillis() + "ms";
		}
		return duration.equals(Duration.ofDays(duration.toDays())) ? duration.toDays() + "d"
				: duration.toSeconds() + "s";
	}

}
