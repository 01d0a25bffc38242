package io.weir.pool;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs two things at the same moment, one of them on a thread of its own. */
final class Race implements AutoCloseable {

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	private final AtomicInteger arrived = new AtomicInteger();

	/** Returns when both have ended. */
	void between(Runnable one, Runnable other) throws Exception {
		this.arrived.set(0);
		Future<?> running = this.executor.submit(() -> {
			meet();
			one.run();
		});
		meet();
		other.run();
		running.get();
	}

	private void meet() {
		this.arrived.incrementAndGet();
		while (this.arrived.get() < 2) {
			Thread.yield();
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
