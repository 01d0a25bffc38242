package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** That order is kept for those who wait, and for nobody else. */
class WaitingOrderTest extends PoolFixture {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void orderIsGivenUpWhenTheTimeOfThoseWhoWaitedIsOver() {
		build(builder().maxSize(1).strictFifo(true).borrowTimeout(SECOND));
		Lease<Resource> first = borrowAsync().join();
		borrowAsync();
		pass(Duration.ofSeconds(2));
		close(first);
		assertThat(this.pool.tryBorrow()).isNotNull();
	}

	@Test
	void orderIsGivenUpWhenThoseWhoWaitedCancelled() {
		build(builder().maxSize(1));
		Lease<Resource> first = borrowAsync().join();
		CompletableFuture<Lease<Resource>> second = borrowAsync();
		pass(Duration.ofMillis(1));
		borrowAsync().cancel(false);
		second.cancel(false);
		pass(SECOND);
		close(first);
		assertThat(this.pool.tryBorrow()).isNotNull();
	}

	@Test
	void orderIsGivenUpWhenThoseWhoWaitedWereFailed() {
		build(builder().maxSize(2).strictFifo(true).creationFailurePolicy(CreationFailurePolicy.FAIL_FAST));
		Lease<Resource> first = borrowAsync().join();
		this.pool.invalidateAll();
		this.lifecycle.failCreations(1, new IllegalStateException("refused"));
		assertThat(borrowAsync()).failsWithin(Duration.ofSeconds(5));
		pass(SECOND);
		this.pool.resize(1, 2);
		this.time.run();
		assertThat(this.pool.tryBorrow()).isNotNull();
		first.close();
	}

	@Test
	void aThreadThatWasWokenAndDoesNotRunHoldsNobodyUpForLong() {
		CountDownLatch stopped = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Thread stuck = new Thread(() -> this.pool.borrow());
		build(builder().minSize(3).maxSize(3));
		this.lifecycle.beforeCheapTest = () -> {
			if (Thread.currentThread() == stuck) {
				stopped.countDown();
				awaitQuietly(goOn);
			}
		};
		Lease<Resource> one = this.pool.borrow();
		Lease<Resource> two = this.pool.borrow();
		Lease<Resource> three = this.pool.borrow();
		stuck.start();
		await().until(() -> this.pool.stats().pending() == 1);
		CompletableFuture<Lease<Resource>> behind = borrowAsync();
		one.close(); // the thread wakes up and stops while it tests the resource
		awaitQuietly(stopped);
		two.close(); // kept for that thread
		three.close();
		try {
			assertThat(behind).isNotDone();
			pass(Duration.ofMillis(100));
			assertThat(behind).succeedsWithin(Duration.ofSeconds(5));
		}
		finally {
			goOn.countDown();
		}
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
