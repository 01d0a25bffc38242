package io.weir.broker.engine;

import java.util.concurrent.CompletionException;

import io.weir.broker.store.StorageException;
import io.weir.wire.ErrorCode;

/**
 * Why storage did not do what a topic wanted, as clients are told. The one place where a
 * failure of the store becomes final or one to be tried again.
 *
 * @param code whether it may succeed later
 * @param reason what went wrong, in a sentence
 */
public record StorageFailure(ErrorCode code, String reason) {

	static StorageFailure of(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		String message = cause.getMessage();
		return new StorageFailure(code(cause), (message != null) ? message : cause.toString());
	}

	/**
	 * What is no failure of the store's own making, such as a lack of memory, may pass.
	 */
	private static ErrorCode code(Throwable cause) {
		if (!(cause instanceof StorageException failure)) {
			return ErrorCode.STORAGE_UNAVAILABLE;
		}
		return switch (failure.kind()) {
			case FENCED, UNAVAILABLE -> ErrorCode.STORAGE_UNAVAILABLE;
			case FAILED, DAMAGED -> ErrorCode.STORAGE_FAILED;
		};
	}

}
