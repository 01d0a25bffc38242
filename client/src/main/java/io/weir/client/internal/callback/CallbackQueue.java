package io.weir.client.internal.callback;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.schedule.ClientTimer;

/**
 * Runs the callbacks of one producer, consumer or client one after the other, in the
 * order given. One that waits for a future may wait for those behind it, for instance
 * with {@code allOf(…).join()}, and so may one that does not return for long: then they
 * go on without it, on another thread. Safe to use from any thread; no callback runs
 * under the lock.
 */
public final class CallbackQueue implements Callbacks {

	/** How often is looked at the callback that runs. */
	static final Duration INTERVAL = Duration.ofMillis(50);

	/** One that waits for a future is overtaken with the next look, others only then. */
	private static final int PATIENT_LOOKS = 10;

	/** A callback that takes longer than this is overtaken. */
	static final Duration PATIENCE = INTERVAL.multipliedBy(PATIENT_LOOKS + 1);

	/** So many threads a queue may lose to callbacks that do not return. */
	static final int MAX_OVERTAKEN = 16;

	/** After so many tasks others on the same executor have their turn. */
	private static final int TASKS_PER_TURN = 256;

	private static final Logger logger = LoggerFactory.getLogger(CallbackQueue.class);

	private final ReentrantLock lock = new ReentrantLock();

	private final String what;

	private final Executor executor;

	private final ClientTimer timer;

	@GuardedBy("lock")
	private final Queue<Runnable> tasks = new ArrayDeque<>();

	/** Who runs tasks now, or is about to; {@code null} if there are none. */
	@GuardedBy("lock")
	private @Nullable Turn turn;

	@GuardedBy("lock")
	private int overtaken;

	@GuardedBy("lock")
	private boolean watched;

	/**
	 * Creates the queue.
	 * @param what whose callbacks it runs, human-readable
	 * @param executor where
	 * @param timer looks for callbacks that do not return
	 */
	public CallbackQueue(String what, Executor executor, ClientTimer timer) {
		this.what = what;
		this.executor = executor;
		this.timer = timer;
	}

	@Override
	public void execute(Runnable task) {
		executeAll(List.of(task));
	}

	@Override
	public void executeAll(Collection<? extends Runnable> added) {
		Turn begun = null;
		boolean watch = false;
		this.lock.lock();
		try {
			this.tasks.addAll(added);
			if (this.turn == null) {
				begun = new Turn();
				this.turn = begun;
				watch = !this.watched;
				this.watched = true;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (begun != null) {
			dispatch(begun);
		}
		if (watch) {
			watchLater(null, 0, 0);
		}
	}

	/** If there are no threads, it is tried again with the next look. */
	private void dispatch(Turn begun) {
		try {
			this.executor.execute(begun);
		}
		catch (Throwable ex) {
			logger.error("The callbacks of {} cannot be run now", this.what, ex);
			this.lock.lock();
			try {
				this.turn = (this.turn == begun) ? null : this.turn;
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private void watchLater(@Nullable Turn seen, int begun, int looks) {
		this.timer.schedule(INTERVAL, () -> watch(seen, begun, looks));
	}

	/**
	 * Looks whether the callback that was seen before still runs, until there is none.
	 * @param looks how often it was seen
	 */
	private void watch(@Nullable Turn seen, int begun, int looks) {
		Turn present;
		Turn next = null;
		int number = 0;
		boolean same = false;
		this.lock.lock();
		try {
			present = this.turn;
			if (present != null) {
				number = present.begun;
			}
			if (this.tasks.isEmpty() && present == null) {
				this.watched = false;
				return;
			}
			same = present != null && present == seen && number == begun;
			if (present == null || (same && mayBeOvertaken(present, looks))) {
				this.overtaken += (present != null) ? 1 : 0;
				next = new Turn();
				this.turn = next;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (next == null) {
			watchLater(present, number, same ? looks + 1 : 1);
			return;
		}
		if (looks >= PATIENT_LOOKS) {
			logger.warn(
					"A callback of {} does not return; those behind it are run beside it, as long as no more than "
							+ "{} do not. Callbacks that take long belong on an executor of the application",
					this.what, MAX_OVERTAKEN);
		}
		dispatch(next);
		watchLater(next, 0, 0);
	}

	/** It has begun, and others are behind it, for which it may wait. */
	@GuardedBy("lock")
	private boolean mayBeOvertaken(Turn present, int looks) {
		return present.begun > 0 && !this.tasks.isEmpty() && this.overtaken < MAX_OVERTAKEN
				&& (looks >= PATIENT_LOOKS || present.wait.isForOthers());
	}

	/** From the first task to the last, or until a callback of it is overtaken. */
	private final class Turn implements Runnable {

		private final CallbackWait wait = new CallbackWait();

		/** How many tasks it has begun. Guarded by the lock. */
		private int begun;

		@Override
		public void run() {
			boolean more;
			this.wait.begin();
			try {
				more = runTasks();
			}
			finally {
				this.wait.end();
			}
			if (more) {
				dispatch(this);
			}
		}

		/** Returns whether there may be more. */
		private boolean runTasks() {
			for (int i = 0; i < TASKS_PER_TURN; i++) {
				Runnable task = next();
				if (task == null) {
					return false;
				}
				run(task);
			}
			return true;
		}

		private @Nullable Runnable next() {
			CallbackQueue queue = CallbackQueue.this;
			queue.lock.lock();
			try {
				if (queue.turn != this) {
					queue.overtaken--;
					return null;
				}
				Runnable task = queue.tasks.poll();
				this.begun++;
				if (task == null) {
					queue.turn = null;
				}
				return task;
			}
			finally {
				queue.lock.unlock();
			}
		}

		/** Whatever a callback throws, the next one must follow. */
		private void run(Runnable task) {
			try {
				task.run();
			}
			catch (Throwable ex) {
				logger.error("A callback of {} failed", CallbackQueue.this.what, ex);
			}
		}

	}

}
