package io.weir.pool;

import org.jspecify.annotations.Nullable;

/**
 * No resource became free in time. The message says how full the pool was; the cause is
 * the last failure to create a resource, if the last attempt failed.
 */
public final class BorrowTimeoutException extends PoolException {

	public BorrowTimeoutException(String message, @Nullable Throwable lastCreationFailure) {
		super(message, lastCreationFailure);
	}

}
