package io.weir.client.internal.fakes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

import io.weir.client.internal.schedule.ClientTimer;

/**
 * A timer that tests turn. Tasks run on the test's thread, one after the other: a task
 * that is given while another one runs waits for its end, as on a real thread.
 */
public final class ManualTimer implements ClientTimer {

	private final Queue<Runnable> ready = new ArrayDeque<>();

	private final PriorityQueue<Later> later = new PriorityQueue<>(
			Comparator.comparingLong(Later::at).thenComparingLong(Later::number));

	private long now = 1_000_000_000L;

	private long lastNumber;

	private boolean running;

	private boolean ended;

	@Override
	public void execute(Runnable task) {
		if (this.ended) {
			throw new RejectedExecutionException("The timer has ended, on purpose");
		}
		this.ready.add(task);
		if (!this.running) {
			this.running = true;
			try {
				while (!this.ready.isEmpty()) {
					this.ready.remove().run();
				}
			}
			finally {
				this.running = false;
			}
		}
	}

	@Override
	public Scheduled schedule(Duration delay, Runnable task) {
		Later entry = new Later(this.now + delay.toNanos(), ++this.lastNumber, task);
		this.later.add(entry);
		return () -> this.later.remove(entry);
	}

	@Override
	public long nanoTime() {
		return this.now;
	}

	/** Takes no tasks any more, as the timer of a client that is closed. */
	public void end() {
		this.ended = true;
	}

	/** How many tasks wait for their time. */
	public int scheduled() {
		return this.later.size();
	}

	/** Lets time pass, and does what becomes due at its time. */
	public void advance(Duration duration) {
		long end = this.now + duration.toNanos();
		while (!this.later.isEmpty() && this.later.element().at() <= end) {
			Later due = this.later.remove();
			this.now = Math.max(this.now, due.at());
			execute(due.task());
		}
		this.now = end;
	}

	private record Later(long at, long number, Runnable task) {
	}

}
