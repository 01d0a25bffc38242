package io.weir.broker;

import org.jspecify.annotations.Nullable;

/** The broker could not start; the message names what is wrong and what to do. */
public class BrokerException extends RuntimeException {

	/**
	 * Creates the exception.
	 * @param message what is wrong and what to do
	 * @param cause why
	 */
	public BrokerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
