package io.weir.pool;

/**
 * Is told what happens in a pool, for metrics and logs. Methods are called on the thread
 * where it happens, often a borrower's or an event loop, and must return at once; what
 * they throw is logged and ignored. A pool without a listener reads no clock when it
 * lends.
 */
public interface PoolListener {

	/**
	 * A resource was lent.
	 * @param waitNanos how long the borrower waited for it
	 */
	default void borrowed(long waitNanos) {
	}

	/**
	 * A lease ended by being closed, whatever becomes of the resource.
	 * @param usageNanos how long it was lent
	 */
	default void returned(long usageNanos) {
	}

	/**
	 * A borrower gave up waiting.
	 * @param waitNanos how long it waited
	 */
	default void borrowTimedOut(long waitNanos) {
	}

	/**
	 * A resource was created; it has not been tested yet.
	 * @param creationNanos how long that took
	 */
	default void created(long creationNanos) {
	}

	/**
	 * A resource could not be created, or a new one failed its first test.
	 * @param cause why
	 */
	default void creationFailed(Throwable cause) {
	}

	/**
	 * A resource was tested.
	 * @param phase when
	 * @param valid whether it passed
	 */
	default void validated(ValidationPhase phase, boolean valid) {
	}

	/**
	 * A resource is about to be destroyed.
	 * @param reason why
	 */
	default void destroyed(DestroyReason reason) {
	}

	/**
	 * A lease has been out for longer than the leak detection threshold. Told once for
	 * each lease.
	 * @param lentNanos how long so far
	 */
	default void leaked(long lentNanos) {
	}

}
