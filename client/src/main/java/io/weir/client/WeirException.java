package io.weir.client;

import org.jspecify.annotations.Nullable;

import io.weir.concurrent.Causes;
import io.weir.message.SchemaException;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Whatever the client could not do. The {@link #code()} says what went wrong for
 * programs, the message is human-readable; it begins with the code, so that a log has
 * both.
 */
public class WeirException extends RuntimeException {

	private final ErrorCode code;

	private final String reason;

	/**
	 * Creates the exception.
	 * @param code what went wrong
	 * @param message what went wrong here, human-readable; without the code
	 */
	public WeirException(ErrorCode code, String message) {
		this(code, message, null);
	}

	/**
	 * Creates the exception.
	 * @param code what went wrong
	 * @param message what went wrong here, human-readable; without the code
	 * @param cause why
	 */
	public WeirException(ErrorCode code, String message, @Nullable Throwable cause) {
		super(code + ": " + message, cause);
		this.code = code;
		this.reason = message;
	}

	/**
	 * What went wrong.
	 * @return the code
	 */
	public ErrorCode code() {
		return this.code;
	}

	/**
	 * What went wrong here.
	 * @return the message without the code
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Whether the same call may succeed later.
	 * @return whether a retry makes sense
	 */
	public boolean retryable() {
		return this.code.retryable();
	}

	/**
	 * The exception for any failure: itself if it is one, else one with the failure as
	 * its cause.
	 * @param failure the failure, unwrapped here from what futures wrap around it
	 * @return the exception
	 */
	public static WeirException from(Throwable failure) {
		Throwable root = Causes.unwrap(failure);
		if (root instanceof WeirException weir) {
			return weir;
		}
		String message = (root.getMessage() != null) ? root.getMessage() : root.toString();
		if (root instanceof ProtocolException protocol) {
			return new WeirException(protocol.code(), message, protocol);
		}
		return new WeirException((root instanceof SchemaException) ? ErrorCode.SCHEMA : ErrorCode.INTERNAL, message,
				root);
	}

}
