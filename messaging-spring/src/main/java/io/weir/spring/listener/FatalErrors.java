package io.weir.spring.listener;

import io.weir.spring.BatchListenerFailedException;

/**
 * Tells a failing JVM from a failing listener. Only the former ends a thread: a recursion
 * without end, a class that is missing or an assertion concerns one message.
 */
final class FatalErrors {

	private FatalErrors() {
	}

	static boolean isFatal(Throwable failure) {
		return (failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError))
				|| failure instanceof ThreadDeath;
	}

	/**
	 * Goes on with all but what is fatal, also if a batch listener says on which message.
	 */
	static void throwIfFatal(Throwable failure) {
		Throwable cause = (failure instanceof BatchListenerFailedException named && named.getCause() != null)
				? named.getCause() : failure;
		if (cause instanceof Error error && isFatal(error)) {
			throw error;
		}
	}

}
