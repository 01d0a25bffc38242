package io.weir.broker.engine.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.weir.concurrent.DaemonThreads;

/** Does what may take its time, one thing after the other. */
final class Background {

	private Background() {
	}

	/**
	 * An executor with one thread, which is there only while there is something to do.
	 */
	static Executor newExecutor() {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				DaemonThreads.named("weir-background"));
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

}
