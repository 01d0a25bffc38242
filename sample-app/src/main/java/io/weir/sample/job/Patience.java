package io.weir.sample.job;

import java.time.Duration;

/**
 * Runs out when nothing moves for too long although there is a connection. Used by one
 * thread.
 */
final class Patience {

	private final long limit;

	private long lastMove = System.nanoTime();

	private long position;

	Patience(Duration limit) {
		this.limit = limit.toNanos();
	}

	/**
	 * Says how things stand.
	 * @param position grows when something moves
	 * @param connected whether anything could move
	 */
	void observe(long position, boolean connected) {
		if (!connected || position != this.position) {
			this.position = position;
			this.lastMove = System.nanoTime();
		}
	}

	boolean isExhausted() {
		return System.nanoTime() - this.lastMove > this.limit;
	}

}
