package io.weir.pool;

/**
 * The pool is closed.
 */
public final class PoolClosedException extends PoolException {

	public PoolClosedException(String poolName) {
		super("Pool '" + poolName + "' is closed", null);
	}

}
