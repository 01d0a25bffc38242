package io.weir.broker.store;

import org.jspecify.annotations.Nullable;

/** Storage could not do what it was asked; what was asked must be taken as not done. */
public class StorageException extends RuntimeException {

	private final Kind kind;

	/**
	 * Creates an exception of kind {@link Kind#FAILED}.
	 * @param message what failed, with the topic or the path
	 * @param cause why
	 */
	public StorageException(String message, @Nullable Throwable cause) {
		this(Kind.FAILED, message, cause);
	}

	/**
	 * Creates the exception.
	 * @param kind what can be done about it
	 * @param message what failed, with the topic or the path
	 * @param cause why
	 */
	public StorageException(Kind kind, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.kind = kind;
	}

	/**
	 * What can be done about it.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/** What can be done about a failure. */
	public enum Kind {

		/** Somebody else writes the topic now; who opens it again, does so. */
		FENCED,

		/**
		 * Not now: no space, no file descriptors, no memory, an I/O error. The store
		 * recovers by itself, and the same may succeed later.
		 */
		UNAVAILABLE,

		/** It will not succeed until somebody has done something about it. */
		FAILED,

		/** What is stored is not what was written. */
		DAMAGED

	}

}
