package io.weir.client.internal.callback;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.ManualTimer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CallbackQueueTest {

	private final ManualTimer timer = new ManualTimer();

	private final Deque<Runnable> threads = new ArrayDeque<>();

	private final List<String> done = new ArrayList<>();

	private final CallbackQueue queue = new CallbackQueue("the test", this.threads::add, this.timer);

	@Test
	void callbacksThatWaitTogetherRunInOrderAsOneTask() {
		give("a");
		give("b");
		assertThat(this.done).isEmpty();
		assertThat(this.threads).hasSize(1);
		runThreads();
		assertThat(this.done).containsExactly("a", "b");
	}

	@Test
	void callbacksThatAreGivenTogetherRunInOrderAsOneTask() {
		this.queue.executeAll(List.of(() -> this.done.add("a"), () -> this.done.add("b")));
		assertThat(this.threads).hasSize(1);
		runThreads();
		assertThat(this.done).containsExactly("a", "b");
	}

	@Test
	void callbackGivenByACallbackRunsAfterIt() {
		this.queue.execute(() -> {
			give("inner");
			this.done.add("outer");
		});
		runThreads();
		assertThat(this.done).containsExactly("outer", "inner");
	}

	@Test
	void whateverACallbackThrowsTheNextOneRuns() {
		this.queue.execute(() -> {
			throw new AssertionError("thrown by the test");
		});
		give("next");
		runThreads();
		assertThat(this.done).containsExactly("next");
	}

	@Test
	void thoseBehindACallbackThatDoesNotReturnRunBesideItInOrder() {
		this.queue.execute(() -> {
			give("b");
			give("c");
			this.timer.advance(CallbackQueue.PATIENCE.multipliedBy(2));
			runThreads();
			this.done.add("a");
		});
		runThreads();
		assertThat(this.done).containsExactly("b", "c", "a");
		give("d");
		runThreads();
		assertThat(this.done).containsExactly("b", "c", "a", "d");
	}

	@Test
	void callbackThatWaitsForOneBehindItIsOvertakenSoon() throws Exception {
		CompletableFuture<Void> behind = new CompletableFuture<>();
		this.queue.execute(() -> {
			behind.join();
			this.done.add("has waited");
		});
		this.queue.execute(() -> behind.complete(null));
		Thread waiting = startAndAwaitPark();
		this.timer.advance(CallbackQueue.INTERVAL.multipliedBy(2));
		assertThat(this.threads).hasSize(1);
		runThreads();
		waiting.join();
		assertThat(this.done).containsExactly("has waited");
	}

	/** Else those behind one that sends would run beside it. */
	@Test
	void callbackThatWaitsForTheClientIsNotOvertakenSoon() throws Exception {
		CompletableFuture<Void> stored = new CompletableFuture<>();
		CallbackFuture<Void> sent = new CallbackFuture<>(stored);
		this.queue.execute(() -> {
			sent.join();
			this.done.add("sent");
		});
		give("next");
		Thread waiting = startAndAwaitPark();
		this.timer.advance(CallbackQueue.INTERVAL.multipliedBy(5));
		assertThat(this.threads).isEmpty();
		stored.complete(null);
		waiting.join();
		assertThat(this.done).containsExactly("sent", "next");
	}

	private Thread startAndAwaitPark() {
		Thread thread = new Thread(this.threads.remove());
		thread.setDaemon(true);
		thread.start();
		await().until(() -> LockSupport.getBlocker(thread) != null);
		return thread;
	}

	@Test
	void callbackThatTakesLongIsNotOvertakenWhenNobodyIsBehindIt() {
		this.queue.execute(() -> {
			this.timer.advance(CallbackQueue.PATIENCE.multipliedBy(10));
			assertThat(this.threads).isEmpty();
		});
		runThreads();
		give("next");
		assertThat(this.threads).hasSize(1);
	}

	@Test
	void callbacksThatReturnInTimeAreNotOvertaken() {
		for (int i = 0; i < 10; i++) {
			this.queue.execute(() -> this.timer.advance(CallbackQueue.PATIENCE.dividedBy(2)));
		}
		Runnable turn = this.threads.remove();
		turn.run();
		assertThat(this.threads).isEmpty();
	}

	@Test
	void taskThatHasNotBegunIsNotOvertaken() {
		give("a");
		give("b");
		this.timer.advance(CallbackQueue.PATIENCE.multipliedBy(10));
		assertThat(this.threads).hasSize(1);
	}

	@Test
	void threadsThatAreLostToCallbacksAreBounded() {
		hang(1);
		assertThat(this.done).hasSize(CallbackQueue.MAX_OVERTAKEN + 1).endsWith("hangs");
	}

	/** Each callback hangs until all that follow have run, or until nothing happens. */
	private void hang(int depth) {
		this.queue.execute(() -> {
			if (depth < 3 * CallbackQueue.MAX_OVERTAKEN) {
				hang(depth + 1);
			}
			this.timer.advance(CallbackQueue.PATIENCE.multipliedBy(2));
			if (depth <= CallbackQueue.MAX_OVERTAKEN + 1) {
				this.done.add("hangs");
			}
			Runnable beside = this.threads.poll();
			if (beside != null) {
				beside.run();
			}
		});
		if (depth == 1) {
			this.threads.remove().run();
		}
	}

	@Test
	void othersHaveTheirTurnBetweenManyCallbacks() {
		IntStream.range(0, 1000).forEach((i) -> give("mine"));
		this.threads.add(() -> this.done.add("other"));
		runThreads();
		assertThat(this.done).hasSize(1001);
		assertThat(this.done.indexOf("other")).isLessThan(1000);
	}

	@Test
	void whatCannotBeRunNowRunsLater() {
		List<Runnable> later = new ArrayList<>();
		CallbackQueue unlucky = new CallbackQueue("the test", (task) -> {
			if (later.isEmpty()) {
				later.add(task);
				throw new OutOfMemoryError("thrown by the test");
			}
			task.run();
		}, this.timer);
		unlucky.execute(() -> this.done.add("run"));
		assertThat(this.done).isEmpty();
		this.timer.advance(CallbackQueue.PATIENCE);
		assertThat(this.done).containsExactly("run");
	}

	@Test
	void queueWithNothingToDoLeavesNoTimer() {
		give("a");
		runThreads();
		this.timer.advance(CallbackQueue.PATIENCE);
		assertThat(this.timer.scheduled()).isZero();
	}

	private void give(String name) {
		this.queue.execute(() -> this.done.add(name));
	}

	private void runThreads() {
		while (!this.threads.isEmpty()) {
			this.threads.remove().run();
		}
	}

}
