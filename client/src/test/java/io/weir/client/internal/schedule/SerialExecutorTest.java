package io.weir.client.internal.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SerialExecutorTest {

	private final List<Runnable> home = new ArrayList<>();

	private final List<String> done = new ArrayList<>();

	private final SerialExecutor executor = new SerialExecutor(home(this.home::add));

	@Test
	void taskGivenByATaskWaitsForItsEnd() {
		this.executor.execute(() -> {
			this.executor.execute(() -> this.done.add("inner"));
			this.done.add("outer");
		});
		runHome();
		assertThat(this.done).containsExactly("outer", "inner");
	}

	@Test
	void tasksAfterAMoveRunElsewhereInOrder() {
		List<Runnable> elsewhere = new ArrayList<>();
		this.executor.execute(() -> {
			this.done.add("first");
			this.executor.moveTo(elsewhere::add);
		});
		this.executor.execute(() -> this.done.add("second"));
		runHome();
		assertThat(this.done).containsExactly("first");
		assertThat(elsewhere).hasSize(1);
		elsewhere.get(0).run();
		assertThat(this.done).containsExactly("first", "second");
	}

	@Test
	void failedTaskDoesNotStopTheOthers() {
		this.executor.execute(() -> {
			throw new IllegalStateException("thrown by the test");
		});
		this.executor.execute(() -> {
			throw new OutOfMemoryError("thrown by the test");
		});
		this.executor.execute(() -> this.done.add("second"));
		runHome();
		assertThat(this.done).containsExactly("second");
	}

	@Test
	void tasksRunEvenWhenAllExecutorsAreShutDown() {
		SerialExecutor orphan = new SerialExecutor(home((task) -> {
			throw new RejectedExecutionException("shut down");
		}));
		orphan.execute(() -> this.done.add("run"));
		assertThat(this.done).containsExactly("run");
	}

	/** As executors do that cannot start a thread, with the task queued or not. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tasksRunWithTheNextOneWhenThereWasNoThreadForThem(boolean queued) {
		AtomicBoolean fails = new AtomicBoolean(true);
		SerialExecutor unlucky = new SerialExecutor(home((task) -> {
			if (!fails.get() || queued) {
				this.home.add(task);
			}
			if (fails.getAndSet(false)) {
				throw new OutOfMemoryError("unable to create native thread");
			}
		}));
		unlucky.execute(() -> this.done.add("first"));
		unlucky.execute(() -> this.done.add("second"));
		runHome();
		unlucky.execute(() -> this.done.add("third"));
		runHome();
		assertThat(this.done).containsExactly("first", "second", "third");
	}

	@Test
	void longQueueLeavesTurnsToOthers() {
		for (int i = 0; i < 1000; i++) {
			this.executor.execute(() -> this.done.add("task"));
		}
		this.home.remove(0).run();
		assertThat(this.done).hasSizeBetween(1, 999);
		runHome();
		assertThat(this.done).hasSize(1000);
	}

	@Test
	void manyThreadsNeverRunTwoTasksAtOnce() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		SerialExecutor busy = new SerialExecutor(home(threads));
		int[] count = new int[1];
		CountDownLatch left = new CountDownLatch(40_000);
		for (int thread = 0; thread < 4; thread++) {
			threads.execute(() -> {
				for (int i = 0; i < 10_000; i++) {
					busy.execute(() -> {
						count[0]++;
						left.countDown();
					});
					if (i % 100 == 0) {
						busy.moveTo((i % 200 == 0) ? threads : Runnable::run);
					}
				}
			});
		}
		assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(count[0]).isEqualTo(40_000);
		threads.shutdownNow();
	}

	private void runHome() {
		while (!this.home.isEmpty()) {
			this.home.remove(0).run();
		}
	}

	/** A timer for which it is always the same time. */
	private static ClientTimer home(Executor executor) {
		return new ClientTimer() {

			@Override
			public void execute(Runnable task) {
				executor.execute(task);
			}

			@Override
			public Scheduled schedule(Duration delay, Runnable task) {
				throw new UnsupportedOperationException();
			}

			@Override
			public long nanoTime() {
				return 0;
			}

		};
	}

}
