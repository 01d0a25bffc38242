package io.weir.client.internal.callback;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.concurrent.DaemonThreads;

/**
 * Where a client's callbacks run: on what the application chose, or else on virtual
 * threads if there are, and on as many daemon threads as are needed if not. What that
 * refuses, as it was shut down or is full, runs on a thread of its own, so that every
 * callback runs.
 */
public final class CallbackExecutor implements Executor, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(CallbackExecutor.class);

	private final String threadName;

	private final Executor executor;

	private final @Nullable ExecutorService own;

	/**
	 * Creates the executor.
	 * @param chosen what the application chose, or {@code null}
	 * @param threadName the name of threads of the client's own
	 */
	public CallbackExecutor(@Nullable Executor chosen, String threadName) {
		this.threadName = threadName;
		if (chosen != null) {
			this.own = null;
			this.executor = chosen;
		}
		else {
			ExecutorService threads = newThreads();
			this.own = threads;
			this.executor = threads;
		}
	}

	private ExecutorService newThreads() {
		ExecutorService virtual = virtualThreads();
		return (virtual != null) ? virtual : new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS,
				new SynchronousQueue<>(), DaemonThreads.named(this.threadName));
	}

	/** By reflection, as they came with Java 21. */
	private static @Nullable ExecutorService virtualThreads() {
		try {
			return (ExecutorService) MethodHandles.publicLookup()
				.findStatic(Executors.class, "newVirtualThreadPerTaskExecutor",
						MethodType.methodType(ExecutorService.class))
				.invoke();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	@Override
	public void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			if (this.own == null) {
				logger.warn("The callback executor refuses a task, which runs on a thread of its own: {}",
						ex.toString());
			}
			DaemonThreads.newThread(this.threadName, task).start();
		}
	}

	/** Interrupts no callback; what the application chose stays open. */
	@Override
	public void close() {
		if (this.own != null) {
			this.own.shutdown();
		}
	}

}
