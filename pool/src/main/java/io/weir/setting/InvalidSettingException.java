package io.weir.setting;

/**
 * A setting has a value that is not allowed. The message names the setting, what is
 * allowed and the value; whoever knows the setting by another name, such as that of a
 * property, finds the parts here.
 */
public final class InvalidSettingException extends IllegalArgumentException {

	private final String setting;

	private final String rule;

	/**
	 * Creates the exception.
	 * @param setting the setting's name, in camel case
	 * @param rule what is allowed, such as {@code must be at least 1}; names of other
	 * settings are in camel case, too
	 * @param value what was given
	 */
	public InvalidSettingException(String setting, String rule, Object value) {
		super(setting + " " + rule + ", was " + value);
		this.setting = setting;
		this.rule = rule;
	}

	/**
	 * The setting.
	 * @return its name, in camel case
	 */
	public String setting() {
		return this.setting;
	}

	/**
	 * What is allowed.
	 * @return the message without setting and value
	 */
	public String rule() {
		return this.rule;
	}

}
