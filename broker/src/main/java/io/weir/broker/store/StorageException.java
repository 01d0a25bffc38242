package io.weir.broker.store;

import org.jspecify.annotations.Nullable;

/** Storage could not do what it was asked; what was asked must be taken as not done. */
public class StorageException extends RuntimeException {

	/**
	 * Creates the exception.
	 * @param message what failed, with the topic or the path
	 * @param cause why
	 */
	public StorageException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
