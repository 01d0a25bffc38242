package io.weir.concurrent;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that keep no JVM from ending. */
public final class DaemonThreads {

	private DaemonThreads() {
	}

	/**
	 * A thread, not yet started.
	 * @param name its name
	 * @param task what it runs
	 * @return the thread
	 */
	public static Thread newThread(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Makes threads that all have one name.
	 * @param name the name
	 * @return the factory
	 */
	public static ThreadFactory named(String name) {
		return (task) -> newThread(name, task);
	}

	/**
	 * Makes threads that are numbered from 1.
	 * @param prefix what comes before a dash and the number
	 * @return the factory
	 */
	public static ThreadFactory numbered(String prefix) {
		AtomicInteger number = new AtomicInteger();
		return (task) -> newThread(prefix + "-" + number.incrementAndGet(), task);
	}

	/**
	 * A scheduler with one thread. It forgets tasks that are cancelled, and those that
	 * are not yet due when it is shut down.
	 * @param thread makes the thread
	 * @return the scheduler, to be shut down by the caller
	 */
	public static ScheduledThreadPoolExecutor newScheduler(ThreadFactory thread) {
		ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, thread);
		scheduler.setRemoveOnCancelPolicy(true);
		scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		return scheduler;
	}

}
