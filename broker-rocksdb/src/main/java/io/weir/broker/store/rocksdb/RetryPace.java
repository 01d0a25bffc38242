package io.weir.broker.store.rocksdb;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

import io.weir.time.Backoff;

/**
 * How soon the database may be opened again: at once if it has worked for a minute, else
 * after a pause that doubles from one second to half a minute. For one thread at a time.
 */
final class RetryPace {

	private static final Duration LONGEST = Duration.ofSeconds(30);

	private final Backoff backoff = new Backoff(Duration.ofSeconds(1), LONGEST,
			() -> ThreadLocalRandom.current().nextDouble());

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
		if (now - this.last > 2 * LONGEST.toNanos()) {
			this.backoff.reset();
		}
		this.pause = this.backoff.next().toNanos();
		this.last = now;
	}

}
