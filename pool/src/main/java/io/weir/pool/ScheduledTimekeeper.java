package io.weir.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.concurrent.DaemonThreads;

/**
 * Real time, and a thread: a daemon of the pool's own, so that a pool that is slow to
 * create does not hold up another, or one that many pools share.
 */
final class ScheduledTimekeeper implements Timekeeper {

	private static final Logger logger = LoggerFactory.getLogger(ScheduledTimekeeper.class);

	private final ScheduledExecutorService executor;

	private final Runnable end;

	private final BooleanSupplier onItsThread;

	private volatile @Nullable Thread thread;

	/** With a thread of the pool's own, which ends with the pool. */
	ScheduledTimekeeper(String poolName) {
		ScheduledThreadPoolExecutor own = DaemonThreads.newScheduler(DaemonThreads.named("weir-pool-" + poolName));
		this.executor = own;
		this.end = own::shutdown;
		this.onItsThread = () -> false;
	}

	/**
	 * With somebody else's thread, which is left running.
	 * @param onItsThread whether that is the calling thread, as far as its owner can
	 * tell; otherwise it is known as soon as it has done something
	 */
	ScheduledTimekeeper(ScheduledExecutorService shared, BooleanSupplier onItsThread) {
		this.executor = shared;
		this.end = () -> {
		};
		this.onItsThread = onItsThread;
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public void execute(Runnable task) {
		try {
			this.executor.execute(onThread(task));
		}
		catch (RejectedExecutionException ex) {
			guarded(task).run();
		}
	}

	@Override
	public Future<?> schedule(Runnable task, long delayNanos) {
		try {
			return this.executor.schedule(onThread(task), delayNanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.completedFuture(null);
		}
	}

	@Override
	public boolean isCurrentThread() {
		return Thread.currentThread() == this.thread || this.onItsThread.getAsBoolean();
	}

	@Override
	public void close() {
		this.end.run();
	}

	/** Notes which thread it is, which may change when one has died. */
	private Runnable onThread(Runnable task) {
		Runnable guarded = guarded(task);
		return () -> {
			Thread current = Thread.currentThread();
			if (this.thread != current) {
				this.thread = current;
			}
			guarded.run();
		};
	}

	/** The executor would swallow what a task throws. */
	private static Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("A maintenance task of the pool failed", ex);
			}
		};
	}

}
