package io.weir.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real time, and a daemon thread of the pool's own: a pool that is slow to create does
 * not hold up another.
 */
final class ScheduledTimekeeper implements Timekeeper {

	private static final Logger log = LoggerFactory.getLogger(ScheduledTimekeeper.class);

	private final ScheduledThreadPoolExecutor executor;

	private volatile @Nullable Thread thread;

	ScheduledTimekeeper(String poolName) {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread created = new Thread(task, "weir-pool-" + poolName);
			created.setDaemon(true);
			this.thread = created;
			return created;
		});
		this.executor.setRemoveOnCancelPolicy(true);
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public void execute(Runnable task) {
		try {
			this.executor.execute(guarded(task));
		}
		catch (RejectedExecutionException ex) {
			guarded(task).run();
		}
	}

	@Override
	public Future<?> schedule(Runnable task, long delayNanos) {
		try {
			return this.executor.schedule(guarded(task), delayNanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.completedFuture(null);
		}
	}

	@Override
	public boolean isCurrentThread() {
		return Thread.currentThread() == this.thread;
	}

	@Override
	public void close() {
		this.executor.shutdown();
	}

	/** The executor would swallow what a task throws. */
	private static Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				log.error("A maintenance task of the pool failed", ex);
			}
		};
	}

}
