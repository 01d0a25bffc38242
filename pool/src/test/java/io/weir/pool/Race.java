package io.weir.pool;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs two things at the same moment, one of them on a thread of its own. */
final class Race implements AutoCloseable {

	private static final int PATIENCE = 10_000;

	private static final int MOST_AHEAD = 50;

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

	/**
	 * The last to arrive is ahead by the time that it takes the other to see that. A few
	 * turns more or less for either make every order as likely as its opposite.
	 */
	private void meet() {
		this.arrived.incrementAndGet();
		for (int turn = 0; this.arrived.get() < 2; turn++) {
			if (turn < PATIENCE) {
				Thread.onSpinWait();
			}
			else {
				Thread.yield(); // there may be one processor only
			}
		}
		for (int turn = ThreadLocalRandom.current().nextInt(MOST_AHEAD); turn > 0; turn--) {
			Thread.onSpinWait();
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
