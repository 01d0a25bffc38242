package io.weir.message;

import org.jspecify.annotations.Nullable;

/** A value could not be encoded, or a payload could not be decoded. */
public class SchemaException extends RuntimeException {

	/**
	 * Creates the exception.
	 * @param message what could not be done, naming the type
	 * @param cause why
	 */
	public SchemaException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
