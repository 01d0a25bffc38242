package io.weir.broker;

import org.jspecify.annotations.Nullable;

/** The broker could not start; the message names what is wrong and what to do. */
public class BrokerException extends RuntimeException {

	private final @Nullable String setting;

	/**
	 * Creates the exception.
	 * @param message what is wrong and what to do
	 * @param setting which setting of {@link BrokerBuilder} is wrong, as its method is
	 * called, or {@code null} if none is known to be
	 * @param cause why
	 */
	public BrokerException(String message, @Nullable String setting, @Nullable Throwable cause) {
		super(message, cause);
		this.setting = setting;
	}

	/**
	 * Which setting is wrong.
	 * @return the name of the method of {@link BrokerBuilder} that sets it, or
	 * {@code null} if none is known to be wrong
	 */
	public @Nullable String setting() {
		return this.setting;
	}

}
