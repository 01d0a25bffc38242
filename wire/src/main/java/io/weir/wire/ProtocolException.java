package io.weir.wire;

import org.jspecify.annotations.Nullable;

/** Something failed on the wire, or the peer said that it failed. */
public class ProtocolException extends RuntimeException {

	private final ErrorCode code;

	/**
	 * Creates the exception.
	 * @param code what went wrong
	 * @param message what went wrong here, human-readable
	 */
	public ProtocolException(ErrorCode code, String message) {
		this(code, message, null);
	}

	/**
	 * Creates the exception.
	 * @param code what went wrong
	 * @param message what went wrong here, human-readable
	 * @param cause why
	 */
	public ProtocolException(ErrorCode code, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.code = code;
	}

	/**
	 * What went wrong.
	 * @return the code
	 */
	public ErrorCode code() {
		return this.code;
	}

}
