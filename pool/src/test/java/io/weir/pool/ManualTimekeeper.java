package io.weir.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Time that stands still until it is turned. The thread that turns it is the maintenance
 * thread meanwhile; tasks given by other threads wait for it.
 */
final class ManualTimekeeper implements Timekeeper {

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private final PriorityQueue<Timer> timers = new PriorityQueue<>(
			Comparator.comparingLong(Timer::at).thenComparingLong(Timer::order));

	// close to the overflow, where nanoTime may start
	private volatile long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

	private long order;

	/** How often somebody asked for the time. */
	final AtomicLong looks = new AtomicLong();

	private volatile Thread turning;

	private Runnable intruder;

	@Override
	public long nanoTime() {
		this.looks.incrementAndGet();
		Runnable intruder = this.intruder;
		if (intruder != null) {
			this.intruder = null;
			intruder.run();
		}
		return this.now;
	}

	/** Does something the next time that anybody asks for the time: a race, replayed. */
	void onNextLookAtTheClock(Runnable intruder) {
		this.intruder = intruder;
	}

	@Override
	public synchronized void execute(Runnable task) {
		this.tasks.add(task);
	}

	@Override
	public synchronized Future<?> schedule(Runnable task, long delayNanos) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.timers.add(new Timer(delayNanos + this.now - Long.MIN_VALUE, this.order++, task, done));
		return done;
	}

	@Override
	public boolean isCurrentThread() {
		return Thread.currentThread() == this.turning;
	}

	@Override
	public void close() {
		// what was given is still done when time is turned
	}

	/** How many timers would still fire. */
	synchronized long pending() {
		return this.timers.stream().filter((timer) -> !timer.done().isCancelled()).count();
	}

	/** Does what is to be done now. */
	void run() {
		advance(Duration.ZERO);
	}

	/** Moves the clock on, doing what falls due on the way. */
	void advance(Duration duration) {
		this.turning = Thread.currentThread();
		try {
			long end = this.now + duration.toNanos();
			runTasks();
			for (Timer timer = nextUntil(end); timer != null; timer = nextUntil(end)) {
				this.now = timer.at() + Long.MIN_VALUE;
				if (!timer.done().isCancelled()) {
					timer.task().run();
				}
				runTasks();
			}
			this.now = end;
		}
		finally {
			this.turning = null;
		}
	}

	private synchronized Timer nextUntil(long end) {
		Timer next = this.timers.peek();
		return (next != null && next.at() <= end - Long.MIN_VALUE) ? this.timers.poll() : null;
	}

	private void runTasks() {
		for (Runnable task = nextTask(); task != null; task = nextTask()) {
			task.run();
		}
	}

	private synchronized Runnable nextTask() {
		return this.tasks.poll();
	}

	private record Timer(long at, long order, Runnable task, CompletableFuture<Void> done) {
	}

}
