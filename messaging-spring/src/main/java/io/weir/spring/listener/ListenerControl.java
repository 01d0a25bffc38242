package io.weir.spring.listener;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Tells the threads of a container to go on, to pause or to stop for good. */
final class ListenerControl {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	// Both written under the lock.
	private volatile boolean paused;

	private volatile boolean stopped;

	/** Blocks while paused; {@code false} means stop. */
	boolean proceed() throws InterruptedException {
		if (!this.paused) {
			return !this.stopped;
		}
		this.lock.lockInterruptibly();
		try {
			while (this.paused && !this.stopped) {
				this.changed.await();
			}
			return !this.stopped;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits before the next attempt, at most until told to stop. */
	void backOff(Duration delay) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long left = delay.toNanos();
			while (left > 0 && !this.stopped) {
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits for a condition that comes with {@link #signal}; {@code false} means stop.
	 */
	boolean await(BooleanSupplier condition) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (!this.stopped && !condition.getAsBoolean()) {
				this.changed.await();
			}
			return !this.stopped;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Something may have come that somebody waits for. */
	void signal() {
		change(() -> {
		});
	}

	void pause() {
		change(() -> this.paused = true);
	}

	void resume() {
		change(() -> this.paused = false);
	}

	void stop() {
		change(() -> this.stopped = true);
	}

	private void change(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isPaused() {
		return this.paused;
	}

	boolean isStopped() {
		return this.stopped;
	}

}
