package io.weir.setting;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Checks of settings. Each returns the value, or throws {@link InvalidSettingException}.
 */
public final class Require {

	private Require() {
	}

	/**
	 * Checks a number without a maximum.
	 * @param setting the setting's name
	 * @param minimum the least that is allowed
	 * @param value the value
	 * @return the value
	 */
	public static int atLeast(String setting, int minimum, int value) {
		if (value < minimum) {
			throw new InvalidSettingException(setting, "must be at least " + minimum, value);
		}
		return value;
	}

	/**
	 * Checks a number of bytes.
	 * @param setting the setting's name
	 * @param value the value
	 * @return the value, from 1
	 */
	public static long bytes(String setting, long value) {
		if (value < 1) {
			throw new InvalidSettingException(setting, "must be at least 1 byte", value);
		}
		return value;
	}

	/**
	 * Checks a number.
	 * @param setting the setting's name
	 * @param minimum the least that is allowed
	 * @param maximum the most that is allowed
	 * @param value the value
	 * @return the value
	 */
	public static int between(String setting, int minimum, int maximum, int value) {
		if (value < minimum || value > maximum) {
			throw new InvalidSettingException(setting, "must be from " + minimum + " to " + maximum, value);
		}
		return value;
	}

	/**
	 * Checks a number that another setting limits.
	 * @param setting the setting's name
	 * @param limit the name of the other
	 * @param maximum the value of the other
	 * @param value the value
	 * @return the value, from 0 to the maximum
	 */
	public static int upTo(String setting, String limit, int maximum, int value) {
		if (value < 0 || value > maximum) {
			throw new InvalidSettingException(setting, "must be from 0 to " + limit + " (" + maximum + ")", value);
		}
		return value;
	}

	/**
	 * Checks a text.
	 * @param setting the setting's name
	 * @param value the value
	 * @return the value
	 * @throws NullPointerException naming the setting
	 */
	public static String notBlank(String setting, String value) {
		Objects.requireNonNull(value, setting);
		if (value.isBlank()) {
			throw new InvalidSettingException(setting, "must not be blank", "'" + value + "'");
		}
		return value;
	}

	/**
	 * Checks a name that is sent.
	 * @param setting the setting's name
	 * @param maxBytes the most bytes of UTF-8 that it may have
	 * @param value the value
	 * @return the value
	 * @throws NullPointerException naming the setting
	 */
	public static String name(String setting, int maxBytes, String value) {
		notBlank(setting, value);
		int bytes = value.getBytes(StandardCharsets.UTF_8).length;
		if (bytes > maxBytes) {
			throw new InvalidSettingException(setting, "must have at most " + maxBytes + " bytes of UTF-8",
					"one of " + bytes);
		}
		return value;
	}

}
