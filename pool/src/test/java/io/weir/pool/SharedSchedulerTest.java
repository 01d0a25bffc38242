package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Many pools on one thread that is not theirs. */
class SharedSchedulerTest {

	private final List<Thread> creators = new ArrayList<>();

	private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

	@AfterEach
	void endScheduler() {
		this.scheduler.shutdownNow();
	}

	@Test
	void poolsShareTheThreadAndLeaveItRunning() throws Exception {
		Pool<Object> first = build();
		Pool<Object> second = build();
		first.borrow().close();
		second.borrow().close();
		first.close();
		assertThat(this.creators).hasSize(2).containsOnly(thread());
		Lease<Object> lease = second.borrow();
		second.invalidateAll();
		lease.close();
		second.borrow().close();
		assertThat(this.creators).hasSize(3).containsOnly(thread());
		second.close();
		assertThat(this.scheduler.isShutdown()).isFalse();
	}

	@Test
	void blockingBorrowOnTheSharedThreadIsRefused() {
		Pool<Object> pool = build();
		pool.borrow().close();
		pool.evict();
		CompletableFuture<Lease<Object>> borrowed = CompletableFuture.supplyAsync(() -> {
			pool.invalidateAll();
			return pool.borrow();
		}, this.scheduler);
		assertThat(borrowed).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining("use borrowAsync()");
		pool.close();
	}

	@Test
	void blockingBorrowOnAThreadThatTheOwnerKnowsIsRefusedFromTheStart() throws Exception {
		Thread thread = thread();
		CompletableFuture<Pool<Object>> built = new CompletableFuture<>();
		CompletableFuture<Lease<Object>> borrowed = CompletableFuture.supplyAsync(() -> {
			built.complete(Pool.builder(lifecycle())
				.scheduler(this.scheduler, () -> Thread.currentThread() == thread)
				.borrowTimeout(Duration.ofSeconds(1))
				.build());
			return built.join().borrow();
		}, this.scheduler);
		assertThat(borrowed).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining("use borrowAsync()");
		built.join().close();
	}

	@Test
	void schedulerWithSeveralThreadsIsRefused() {
		ScheduledThreadPoolExecutor wide = new ScheduledThreadPoolExecutor(2);
		assertThatIllegalArgumentException().isThrownBy(() -> Pool.builder(lifecycle()).scheduler(wide))
			.withMessage("scheduler must have one thread, was one of 2");
		wide.shutdownNow();
	}

	private Pool<Object> build() {
		return Pool.builder(lifecycle()).scheduler(this.scheduler).build();
	}

	private ResourceLifecycle<Object> lifecycle() {
		return new ResourceLifecycle<>() {

			@Override
			public CompletionStage<Object> create() {
				SharedSchedulerTest.this.creators.add(Thread.currentThread());
				return CompletableFuture.completedStage(new Object());
			}

		};
	}

	private Thread thread() throws Exception {
		return this.scheduler.submit(Thread::currentThread).get(10, TimeUnit.SECONDS);
	}

}
