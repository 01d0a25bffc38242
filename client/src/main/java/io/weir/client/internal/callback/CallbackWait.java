package io.weir.client.internal.callback;

import java.util.concurrent.ForkJoinPool.ManagedBlocker;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * What a thread that runs callbacks waits for. Outcomes of the client, for instance that
 * of a {@code send}, depend on no callback; a future that the application has made of
 * others may.
 */
public final class CallbackWait {

	private static final ThreadLocal<@Nullable CallbackWait> CURRENT = new ThreadLocal<>();

	// Written by the thread, read by whoever looks.

	private volatile @Nullable Thread thread;

	private volatile boolean forClient;

	CallbackWait() {
	}

	/** The present thread begins to run callbacks. */
	void begin() {
		this.thread = Thread.currentThread();
		CURRENT.set(this);
	}

	/** The present thread runs no callbacks any more. */
	void end() {
		this.thread = null;
		CURRENT.remove();
	}

	/**
	 * Whether the thread waits for a future now, and not for the client.
	 * @return whether it does, as far as can be seen
	 */
	boolean isForOthers() {
		Thread running = this.thread;
		if (running == null || this.forClient) {
			return false;
		}
		// What a CompletableFuture parks a thread with is one.
		boolean waits = LockSupport.getBlocker(running) instanceof ManagedBlocker;
		return waits && !this.forClient;
	}

	/**
	 * The present thread begins to wait for an outcome of the client.
	 * @return what to {@link #over} afterwards; {@code null} if it runs no callbacks
	 */
	public static @Nullable CallbackWait forClient() {
		CallbackWait current = CURRENT.get();
		if (current != null) {
			current.forClient = true;
		}
		return current;
	}

	/**
	 * The wait for the client is over.
	 * @param wait what {@link #forClient} returned
	 */
	public static void over(@Nullable CallbackWait wait) {
		if (wait != null) {
			wait.forClient = false;
		}
	}

}
