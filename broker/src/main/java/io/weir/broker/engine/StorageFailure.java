package io.weir.broker.engine;

import io.weir.broker.store.StorageException;
import io.weir.concurrent.Causes;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Why storage did not do what a topic wanted, as clients are told. The one place where a
 * failure of the store becomes final or one to be tried again.
 *
 * @param code whether it may succeed later
 * @param reason what went wrong, in a sentence
 */
public record StorageFailure(ErrorCode code, String reason) {

	/**
	 * A refusal of another topic is passed on. What is no failure of the store's own
	 * making, such as a lack of memory, may pass.
	 */
	public static StorageFailure of(Throwable failure) {
		StorageException storage = Causes.find(failure, StorageException.class);
		ProtocolException refused = Causes.find(failure, ProtocolException.class);
		if (storage == null && refused != null) {
			return new StorageFailure(refused.code(), String.valueOf(refused.getMessage()));
		}
		return (storage != null) ? new StorageFailure(code(storage.kind()), String.valueOf(storage.getMessage()))
				: new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, Causes.unwrap(failure).toString());
	}

	private static ErrorCode code(StorageException.Kind kind) {
		return switch (kind) {
			case FENCED, UNAVAILABLE -> ErrorCode.STORAGE_UNAVAILABLE;
			case FAILED -> ErrorCode.STORAGE_FAILED;
			case DAMAGED -> ErrorCode.TOPIC_DAMAGED;
		};
	}

}
