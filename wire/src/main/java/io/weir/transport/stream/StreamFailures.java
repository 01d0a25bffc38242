package io.weir.transport.stream;

import io.weir.concurrent.Causes;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** Gives the failures of streams a code. */
public final class StreamFailures {

	private StreamFailures() {
	}

	/**
	 * Why a stream or a write failed, as far as that can be said of every carrier.
	 * @param failure any failure
	 * @return itself or a cause if that has a code, else one that has it as its cause
	 */
	public static ProtocolException of(Throwable failure) {
		ProtocolException known = Causes.find(failure, ProtocolException.class);
		return (known != null) ? known
				: new ProtocolException(ErrorCode.CONNECTION_LOST, "The stream failed: " + text(failure), failure);
	}

	/**
	 * Why a stream cannot be opened now.
	 * @return says that others have to be closed first
	 */
	public static ProtocolException tooManyStreams() {
		return new ProtocolException(ErrorCode.LIMIT_EXCEEDED,
				"The peer takes no more streams on this connection until others are closed");
	}

	/**
	 * A failure in words.
	 * @param failure any failure
	 * @return its message, or its type if it has none
	 */
	public static String text(Throwable failure) {
		return (failure.getMessage() != null) ? failure.getMessage() : failure.getClass().getSimpleName();
	}

	static ErrorCode code(Throwable failure) {
		return (failure instanceof OutOfMemoryError) ? ErrorCode.OVERLOADED : ErrorCode.INTERNAL;
	}

}
