package io.weir.client.internal.schedule;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.schedule.ClientTimer.Scheduled;

/**
 * Runs tasks one at a time in the order given, on an executor that can be changed: the
 * event loop of the present connection, and the timer while there is none. What only such
 * tasks touch needs no lock, and frames that they write to one connection keep their
 * order. Every task runs, even after both executors were shut down.
 */
public final class SerialExecutor implements Executor {

	private static final Logger logger = LoggerFactory.getLogger(SerialExecutor.class);

	/** After so many tasks others on the same thread have their turn. */
	private static final int TASKS_PER_TURN = 256;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	/** There are tasks and no turn: whoever adds one tries again to begin one. */
	private final AtomicBoolean stranded = new AtomicBoolean();

	private final ClientTimer home;

	private volatile Executor current;

	/**
	 * Creates the executor.
	 * @param home where tasks run at first, and if the current executor refuses them;
	 * tells the time
	 */
	public SerialExecutor(ClientTimer home) {
		this.home = home;
		this.current = home;
	}

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
		if (this.waiting.getAndIncrement() == 0 || this.stranded.compareAndSet(true, false)) {
			dispatch();
		}
	}

	/**
	 * Runs a task once, later, in turn with the others.
	 * @param delay how much later
	 * @param task the task
	 * @return takes it back
	 */
	public Scheduled schedule(Duration delay, Runnable task) {
		return this.home.schedule(delay, () -> execute(task));
	}

	/**
	 * The time.
	 * @return as {@link ClientTimer#nanoTime()}
	 */
	public long nanoTime() {
		return this.home.nanoTime();
	}

	/**
	 * Runs tasks on another executor from the next one on.
	 * @param executor the executor
	 */
	public void moveTo(Executor executor) {
		this.current = executor;
	}

	/** Runs tasks where they ran at first. */
	public void moveHome() {
		this.current = this.home;
	}

	private void dispatch() {
		Turn turn = new Turn(this.current);
		try {
			give(turn);
		}
		catch (Error ex) {
			logger.error("Tasks of the client wait, since no thread can run them now", ex);
			if (turn.withdraw()) {
				this.stranded.set(true);
			}
		}
	}

	private void give(Turn turn) {
		try {
			turn.executor.execute(turn);
		}
		catch (RejectedExecutionException ex) {
			giveHome(turn);
		}
	}

	private void giveHome(Turn turn) {
		try {
			this.home.execute(turn);
		}
		catch (RejectedExecutionException ex) {
			turn.run();
		}
	}

	private void run(Executor executor) {
		int left = TASKS_PER_TURN;
		do {
			Runnable task = this.tasks.remove();
			try {
				task.run();
			}
			// Not even an error may stop the tasks to come.
			catch (Throwable ex) {
				logger.error("A task of the client failed", ex);
			}
			if (this.waiting.decrementAndGet() == 0) {
				return;
			}
			left--;
		}
		while (left > 0 && this.current == executor);
		dispatch();
	}

	/** Runs once; not even that if it could not be given to an executor for sure. */
	private final class Turn extends AtomicBoolean implements Runnable {

		private static final long serialVersionUID = 1L;

		private final transient Executor executor;

		Turn(Executor executor) {
			this.executor = executor;
		}

		boolean withdraw() {
			return compareAndSet(false, true);
		}

		@Override
		public void run() {
			if (compareAndSet(false, true)) {
				SerialExecutor.this.run(this.executor);
			}
		}

	}

}
