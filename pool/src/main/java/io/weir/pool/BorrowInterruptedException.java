package io.weir.pool;

/**
 * The thread was interrupted while it waited for a resource. Its interrupt status is set.
 */
public final class BorrowInterruptedException extends PoolException {

	public BorrowInterruptedException(String message) {
		super(message, null);
	}

}
