package io.weir.transport;

/**
 * Marks threads that must never wait, since others wait for what they do: event loops and
 * timers.
 */
public interface NonBlocking {

	/**
	 * Whether the present thread must never wait.
	 * @return whether it is marked
	 */
	static boolean isCurrentThread() {
		return Thread.currentThread() instanceof NonBlocking;
	}

}
