package io.weir.client.internal.callback;

import io.weir.transport.NonBlocking;

/** Keeps event loops and timers from waiting for themselves. */
public final class BlockingCalls {

	private BlockingCalls() {
	}

	/**
	 * Must be called before anything is begun that is waited for.
	 * @param what what is to be waited for, human-readable
	 * @param instead what does not block
	 * @throws IllegalStateException if this thread must not wait
	 */
	public static void check(String what, String instead) {
		if (NonBlocking.isCurrentThread()) {
			throw new IllegalStateException("Thread '" + Thread.currentThread().getName() + "' must not wait for "
					+ what + ", since a client needs it for that. Use " + instead
					+ ", or have callbacks run on other threads with WeirClientBuilder.callbackExecutor");
		}
	}

}
