package io.weir.client.internal.schedule;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The client's clock, and the one thread that does what is due. Tasks must not block.
 */
public interface ClientTimer extends Executor {

	/**
	 * Runs a task once, later.
	 * @param delay how much later
	 * @param task the task
	 * @return takes it back
	 */
	Scheduled schedule(Duration delay, Runnable task);

	/**
	 * The time.
	 * @return nanoseconds since some moment; only differences mean something
	 */
	long nanoTime();

	/** A task that waits for its time. */
	@FunctionalInterface
	interface Scheduled {

		/** Keeps the task from running, unless it has begun. */
		void cancel();

	}

}
