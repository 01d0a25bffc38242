package io.weir.broker.store.rocksdb;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How soon the database may be opened again: at once if it has worked for a minute, else
 * after a pause that doubles from one second to half a minute. For one thread at a time.
 */
final class RetryPace {

	private static final long FIRST = TimeUnit.SECONDS.toNanos(1);

	private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

	private final LongSupplier clock;

	private long pause;

	private long last;

	RetryPace(LongSupplier clock) {
		this.clock = clock;
		this.last = clock.getAsLong();
	}

	boolean isDue() {
		return this.clock.getAsLong() - this.last >= this.pause;
	}

	/** It is tried now. */
	void tried() {
		long now = this.clock.getAsLong();
		this.pause = (this.pause == 0 || now - this.last > 2 * LONGEST) ? FIRST : Math.min(LONGEST, 2 * this.pause);
		this.last = now;
	}

}
