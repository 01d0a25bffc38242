package io.weir.pool;

import org.jspecify.annotations.Nullable;

/**
 * A resource could not be lent.
 */
public class PoolException extends RuntimeException {

	public PoolException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
