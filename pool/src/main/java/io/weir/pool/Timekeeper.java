package io.weir.pool;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * A pool's clock and its one maintenance thread. Tests turn it by hand.
 */
interface Timekeeper extends Executor, AutoCloseable {

	/** As {@link System#nanoTime()}. */
	long nanoTime();

	/** Runs the task on the maintenance thread, after those given earlier. */
	@Override
	void execute(Runnable task);

	/** Runs the task on the maintenance thread after a delay. */
	Future<?> schedule(Runnable task, long delayNanos);

	/** Whether the calling thread is the maintenance thread. */
	boolean isCurrentThread();

	/**
	 * Ends the thread, if it is the pool's own, when it has done what it was given. Once
	 * the thread has ended, later tasks run on the thread that brings them; later
	 * schedules never run.
	 */
	@Override
	void close();

}
