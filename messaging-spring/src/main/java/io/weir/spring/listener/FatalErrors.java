package io.weir.spring.listener;

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

	/** Goes on with all but what is fatal. */
	static void throwIfFatal(Throwable failure) {
		if (failure instanceof Error error && isFatal(error)) {
			throw error;
		}
	}

}
