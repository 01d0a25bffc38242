package io.weir.client.internal.connection;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

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

	/**
	 * What to tell somebody who has waited too long.
	 * @param what what has not happened, human-readable: "x was not accepted"
	 * @param timeout how long
	 * @param last what failed last, if anything did
	 * @return {@code TIMEOUT} that tells what failed last; or the code of that, if it
	 * does not go away by itself
	 */
	public static ProtocolException tooLate(String what, Duration timeout, @Nullable ProtocolException last) {
		String message = what + " within " + timeout.toMillis() + " ms";
		if (last == null) {
			return new ProtocolException(ErrorCode.TIMEOUT, message);
		}
		return new ProtocolException(last.code().retryable() ? ErrorCode.TIMEOUT : last.code(),
				message + "; the last failure was " + last.code() + ": " + last.getMessage(), last);
	}

	private static ErrorCode code(Throwable root) {
		if (root instanceof TimeoutException || root instanceof BorrowTimeoutException) {
			return ErrorCode.TIMEOUT;
		}
		return (root instanceof PoolClosedException) ? ErrorCode.CONNECTION_LOST : ErrorCode.INTERNAL;
	}

}
