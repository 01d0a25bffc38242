package io.weir.broker.engine.runtime;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.concurrent.DaemonThreads;

/**
 * Runs tasks at times of the engine's clock, however many there are, and however that
 * clock is set. Safe to use from any thread.
 */
final class Timers {

	private static final Logger logger = LoggerFactory.getLogger(Timers.class);

	/** How late a task may be, and how soon it is noticed that the clock was set. */
	private static final long INTERVAL_MILLIS = 50;

	private final LongSupplier clock;

	private final Consumer<Error> errors;

	private final ScheduledExecutorService thread = DaemonThreads
		.newScheduler(DaemonThreads.named("weir-engine-timer"));

	/** Those that are set, the next one first. */
	@GuardedBy("this")
	private final NavigableSet<Timer> waiting = new TreeSet<>(
			Comparator.comparingLong((Timer timer) -> timer.at).thenComparingLong((timer) -> timer.number));

	@GuardedBy("this")
	private long lastNumber;

	/**
	 * Creates it; nothing runs before {@link #start()}.
	 * @param clock tells the time, in milliseconds since 1970
	 * @param errors is told of errors that a task throws
	 */
	Timers(LongSupplier clock, Consumer<Error> errors) {
		this.clock = clock;
		this.errors = errors;
	}

	void start() {
		this.thread.scheduleWithFixedDelay(this::lookSafely, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Creates a timer that is not set.
	 * @param task what it does, quickly; may be called again after it has failed
	 */
	synchronized Timer newTimer(Runnable task) {
		return new Timer(++this.lastNumber, task);
	}

	/** Has the task run once at a time, in milliseconds since 1970, instead of before. */
	synchronized void set(Timer timer, long at) {
		this.waiting.remove(timer);
		timer.at = at;
		this.waiting.add(timer);
	}

	synchronized void cancel(Timer timer) {
		this.waiting.remove(timer);
	}

	/** A look that fails would not be repeated. */
	private void lookSafely() {
		try {
			look();
		}
		catch (RuntimeException | Error ex) {
			if (ex instanceof Error error) {
				this.errors.accept(error);
			}
			logger.error("Waking topics failed; it is tried again", ex);
		}
	}

	/** Runs what is due, also if another thread has begun to. */
	synchronized void look() {
		if (this.waiting.isEmpty()) {
			return;
		}
		long now = this.clock.getAsLong();
		while (!this.waiting.isEmpty() && this.waiting.first().at <= now) {
			Timer due = this.waiting.first();
			due.task.run();
			this.waiting.remove(due);
		}
	}

	void close() {
		this.thread.shutdownNow();
	}

	/** One task; what changes is guarded by {@link Timers}. */
	static final class Timer {

		private final long number;

		private final Runnable task;

		private long at;

		private Timer(long number, Runnable task) {
			this.number = number;
			this.task = task;
		}

	}

}
