package io.weir.client.internal.schedule;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.concurrent.DaemonThreads;
import io.weir.transport.NonBlocking;

/**
 * The real timer: one daemon thread. After {@link #close()} it takes no tasks, and runs
 * those that need no waiting and that it took before.
 */
public final class ThreadTimer implements ClientTimer, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ThreadTimer.class);

	private final ScheduledThreadPoolExecutor executor;

	/**
	 * Creates the timer.
	 * @param threadName the name of its thread
	 */
	public ThreadTimer(String threadName) {
		this.executor = DaemonThreads.newScheduler((task) -> new TimerThread(task, threadName));
	}

	@Override
	public void execute(Runnable task) {
		this.executor.execute(guarded(task));
	}

	@Override
	public Scheduled schedule(Duration delay, Runnable task) {
		try {
			Future<?> future = this.executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
			return () -> future.cancel(false);
		}
		catch (RejectedExecutionException ex) {
			return () -> {
			};
		}
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	/**
	 * What it has taken by {@link #execute} still runs, so that a {@link SerialExecutor}
	 * that waits for its turn does not wait for ever.
	 */
	@Override
	public void close() {
		this.executor.shutdown();
	}

	/** A failed task would otherwise be kept in a future that nobody looks at. */
	private static Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				logger.error("A task of the client's timer failed", ex);
			}
		};
	}

	private static final class TimerThread extends Thread implements NonBlocking {

		private TimerThread(Runnable task, String name) {
			super(task, name);
			setDaemon(true);
		}

	}

}
