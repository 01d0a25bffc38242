package io.weir.client.internal.connection;

import java.util.concurrent.TimeoutException;

import io.weir.concurrent.Causes;
import io.weir.pool.BorrowTimeoutException;
import io.weir.pool.PoolClosedException;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** Gives every failure a code. */
public final class Failures {

	private Failures() {
	}

	/**
	 * The failure with a code.
	 * @param failure any failure, unwrapped here from what futures wrap around it
	 * @return itself if it has a code, else one that has it as its cause
	 */
	public static ProtocolException of(Throwable failure) {
		Throwable root = Causes.unwrap(failure);
		if (root instanceof ProtocolException protocol) {
			return protocol;
		}
		String message = (root.getMessage() != null) ? root.getMessage() : root.toString();
		return new ProtocolException(code(root), message, root);
	}

	private static ErrorCode code(Throwable root) {
		if (root instanceof TimeoutException || root instanceof BorrowTimeoutException) {
			return ErrorCode.TIMEOUT;
		}
		return (root instanceof PoolClosedException) ? ErrorCode.CONNECTION_LOST : ErrorCode.INTERNAL;
	}

}
