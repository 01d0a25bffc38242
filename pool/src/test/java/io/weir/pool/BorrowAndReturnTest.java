package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class BorrowAndReturnTest extends PoolFixture {

	/** The common pool may have one thread only, too few for those who block. */
	private static final Executor THREADS = (task) -> new Thread(task).start();

	@Test
	void lendsAndTakesBack() {
		build(builder().initialSize(1));
		try (Lease<Resource> lease = this.pool.borrow()) {
			assertThat(lease.resource().id).isZero();
			assertThat(this.pool.stats().active()).isEqualTo(1);
			assertThat(this.pool.stats().idle()).isZero();
		}
		assertThat(this.pool.stats().active()).isZero();
		assertThat(this.pool.stats().idle()).isEqualTo(1);
		assertThat(this.pool.stats().borrows()).isEqualTo(1);
	}

	@Test
	void closingTwiceReturnsOnce() {
		build(builder().maxSize(1).initialSize(1));
		Lease<Resource> first = this.pool.borrow();
		first.close();
		first.close();
		Lease<Resource> second = this.pool.borrow();
		assertThat(this.pool.tryBorrow()).isNull();
		second.close();
	}

	@Test
	void aLeaseOfAnEarlierLoanCannotActOnALaterOne() {
		build(builder().maxSize(1).initialSize(1));
		Lease<Resource> earlier = this.pool.borrow();
		earlier.close();
		Lease<Resource> later = this.pool.borrow();
		earlier.close();
		earlier.invalidate();
		assertThat(later.resource().destructions).hasValue(0);
		assertThat(this.pool.stats().active()).isEqualTo(1);
		assertThatIllegalStateException().isThrownBy(earlier::resource);
		later.close();
	}

	@Test
	void useAfterCloseThrows() {
		build(builder().initialSize(1));
		Lease<Resource> lease = this.pool.borrow();
		lease.close();
		assertThatIllegalStateException().isThrownBy(lease::resource).withMessageContaining("ended");
	}

	@Test
	void anInvalidatedResourceIsDestroyedNotReturned() {
		build(builder().minSize(1));
		Lease<Resource> lease = this.pool.borrow();
		Resource resource = lease.resource();
		lease.invalidate();
		lease.close();
		this.time.run();
		assertThat(resource.destroyedFor).isEqualTo(DestroyReason.INVALIDATED);
		assertThat(this.pool.stats().idle()).as("replaced up to the minimum").isEqualTo(1);
		assertThatIllegalStateException().isThrownBy(lease::resource);
	}

	@Test
	void waitersAreServedInTheOrderInWhichTheyCame() {
		build(builder().maxSize(1));
		List<Integer> served = new ArrayList<>();
		List<CompletableFuture<Lease<Resource>>> waiters = new ArrayList<>();
		Lease<Resource> first = borrowAsync().join();
		for (int i = 0; i < 5; i++) {
			int number = i;
			waiters.add(borrowAsync().whenComplete((lease, failure) -> served.add(number)));
		}
		assertThat(this.pool.stats().pending()).isEqualTo(5);
		first.close();
		waiters.forEach((waiter) -> waiter.join().close());
		assertThat(served).containsExactly(0, 1, 2, 3, 4);
	}

	@Test
	void nobodyOvertakesThoseWhoWaitIfTheOrderIsStrict() {
		build(builder().maxSize(1).strictFifo(true));
		Lease<Resource> first = borrowAsync().join();
		CompletableFuture<Lease<Resource>> second = CompletableFuture.supplyAsync(this.pool::borrow, THREADS);
		await().until(() -> this.pool.stats().pending() == 1);
		CompletableFuture<Lease<Resource>> third = borrowAsync();
		first.close();
		assertThat(this.pool.tryBorrow()).isNull();
		second.join().close();
		third.join().close();
		assertThat(this.pool.tryBorrow()).as("once nobody waits").isNotNull();
	}

	@Test
	void nobodyOvertakesAThreadThatHasWaitedForLong() {
		build(builder().maxSize(1));
		Lease<Resource> first = borrowAsync().join();
		CompletableFuture<Lease<Resource>> second = CompletableFuture.supplyAsync(this.pool::borrow, THREADS);
		await().until(() -> this.pool.stats().pending() == 1);
		pass(Duration.ofMillis(1));
		first.close();
		assertThat(this.pool.tryBorrow()).isNull();
		second.join().close();
		assertThat(this.pool.tryBorrow()).as("once nobody waits").isNotNull();
	}

	@Test
	void aReturnServesAllWhoCanBeServed() {
		build(builder().maxSize(2).initialSize(2));
		Lease<Resource> one = this.pool.borrow();
		Lease<Resource> two = this.pool.borrow();
		CompletableFuture<Lease<Resource>> third = CompletableFuture.supplyAsync(this.pool::borrow, THREADS);
		CompletableFuture<Lease<Resource>> fourth = CompletableFuture.supplyAsync(this.pool::borrow, THREADS);
		await().until(() -> this.pool.stats().pending() == 2);
		one.close();
		two.close();
		third.join();
		fourth.join();
	}

	@Test
	void aBlockedBorrowerIsServedByAReturn() {
		build(builder().maxSize(1));
		Lease<Resource> first = borrowAsync().join();
		CompletableFuture<Lease<Resource>> second = CompletableFuture.supplyAsync(this.pool::borrow, THREADS);
		await().until(() -> this.pool.stats().pending() == 1);
		first.close();
		second.join().close();
	}

	@Test
	void aBlockedBorrowerIsServedByACreation() {
		build(builder().maxSize(1));
		CompletableFuture<Lease<Resource>> borrowed = CompletableFuture.supplyAsync(this.pool::borrow, THREADS);
		await().until(() -> this.pool.stats().pending() == 1);
		await().until(() -> {
			this.time.run();
			return borrowed.isDone();
		});
		borrowed.join().close();
	}

	@Test
	void borrowingDoesNotCreateOnTheCallersThread() {
		build(builder());
		this.pool.borrowAsync();
		assertThat(this.lifecycle.createCalls).hasValue(0);
		this.time.run();
		assertThat(this.lifecycle.createCalls).hasValue(1);
	}

	@Test
	void anInterruptEndsABlockedBorrowAndLosesNothing() throws InterruptedException {
		build(builder().maxSize(1));
		Lease<Resource> first = borrowAsync().join();
		AtomicReference<Throwable> thrown = new AtomicReference<>();
		AtomicReference<Boolean> status = new AtomicReference<>();
		Thread borrower = new Thread(() -> {
			try {
				this.pool.borrow();
			}
			catch (BorrowInterruptedException ex) {
				thrown.set(ex);
				status.set(Thread.currentThread().isInterrupted());
			}
		});
		borrower.start();
		await().until(() -> this.pool.stats().pending() == 1);
		borrower.interrupt();
		borrower.join();
		assertThat(thrown.get()).isInstanceOf(BorrowInterruptedException.class);
		assertThat(status.get()).isTrue();
		close(first);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void aTimeoutSaysHowFullThePoolIs() {
		build(builder().maxSize(1).borrowTimeout(Duration.ofSeconds(2)));
		Lease<Resource> first = borrowAsync().join();
		CompletableFuture<Lease<Resource>> second = borrowAsync();
		pass(Duration.ofMillis(1900));
		assertThat(second).isNotDone();
		pass(Duration.ofMillis(200));
		assertThat(second).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(BorrowTimeoutException.class)
			.withMessageContaining("'test'")
			.withMessageContaining("active 1, idle 0")
			.withMessageContaining("max 1")
			.withNoCause();
		assertThat(this.pool.stats().timeouts()).isEqualTo(1);
		assertThat(this.pool.stats().pending()).isZero();
		close(first);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void thoseWhoseTimeIsOverTogetherAreToldTheSame() {
		build(builder().maxSize(1).borrowTimeout(Duration.ofSeconds(1)));
		borrowAsync().join();
		List<CompletableFuture<Lease<Resource>>> waiters = List.of(borrowAsync(), borrowAsync(), borrowAsync());
		pass(Duration.ofSeconds(2));
		for (CompletableFuture<Lease<Resource>> waiter : waiters) {
			assertThat(waiter).failsWithin(Duration.ofSeconds(5))
				.withThrowableThat()
				.withMessageContaining("pending 3");
		}
	}

	@Test
	void aBlockedBorrowerTimesOut() {
		build(builder().maxSize(1));
		Lease<Resource> first = borrowAsync().join();
		CompletableFuture<Lease<Resource>> blocked = CompletableFuture
			.supplyAsync(() -> this.pool.borrow(Duration.ofSeconds(3)), THREADS);
		await().until(() -> this.pool.stats().pending() == 1);
		pass(Duration.ofMillis(2900));
		assertThat(blocked).isNotDone();
		pass(Duration.ofMillis(200));
		assertThat(blocked).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(BorrowTimeoutException.class);
		close(first);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void aBorrowerWithoutTimeIsTurnedAwayAtOnce() {
		build(builder().maxSize(1));
		Lease<Resource> first = borrowAsync().join();
		assertThatExceptionOfType(BorrowTimeoutException.class).isThrownBy(() -> this.pool.borrow(Duration.ZERO));
		close(first);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void cancellingAPendingBorrowLosesNothing() {
		build(builder().maxSize(1));
		Lease<Resource> first = borrowAsync().join();
		CompletableFuture<Lease<Resource>> second = borrowAsync();
		CompletableFuture<Lease<Resource>> third = borrowAsync();
		second.cancel(false);
		assertThat(this.pool.stats().pending()).isEqualTo(1);
		first.close();
		assertThat(third).isCompleted();
		third.join().close();
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void aLongChainOfBorrowersThatReturnAtOnceDoesNotOverflowTheStack() {
		build(builder().maxSize(1).borrowTimeout(Duration.ofHours(1)));
		Lease<Resource> first = borrowAsync().join();
		AtomicInteger served = new AtomicInteger();
		for (int i = 0; i < 20_000; i++) {
			this.pool.borrowAsync().thenAccept((lease) -> {
				served.incrementAndGet();
				lease.close();
			});
		}
		first.close();
		assertThat(served).hasValue(20_000);
	}

	@Test
	void aBorrowerThatBlocksThePoolsOwnThreadIsRefused() {
		build(builder());
		AtomicReference<Throwable> thrown = new AtomicReference<>();
		this.time.execute(() -> {
			try {
				this.pool.borrow();
			}
			catch (IllegalStateException ex) {
				thrown.set(ex);
			}
		});
		this.time.run();
		assertThat(thrown.get()).hasMessageContaining("borrowAsync");
	}

	@Test
	void strangersCodeDoesNotRunOnThePoolsOwnThread() {
		build(builder());
		AtomicReference<Thread> deliveredOn = new AtomicReference<>();
		CompletableFuture<Void> delivered = this.pool.borrowAsync().thenAccept((lease) -> {
			deliveredOn.set(Thread.currentThread());
			lease.close();
		}).toCompletableFuture();
		this.time.run();
		assertThat(delivered).succeedsWithin(Duration.ofSeconds(5));
		assertThat(deliveredOn.get()).isNotSameAs(Thread.currentThread());
	}

	@Test
	void theTimesOfThoseWhoHadToWaitAreCounted() {
		build(builder().minSize(1).maxSize(1));
		Lease<Resource> lease = this.pool.borrow();
		assertThat(this.pool.stats().waits().getCount()).as("served at once").isZero();
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		pass(Duration.ofMillis(3));
		lease.close();
		waiter.join().close();
		assertThat(this.pool.stats().waits().getCount()).isEqualTo(1);
		assertThat(this.pool.stats().waits().getMean()).isEqualTo(Duration.ofMillis(3));
	}

	@Test
	void tryBorrowTakesWhatIsFreeAndNeverWaits() {
		build(builder().initialSize(1));
		Lease<Resource> lease = this.pool.tryBorrow();
		assertThat(lease).isNotNull();
		assertThat(this.pool.tryBorrow()).isNull();
		lease.close();
	}

}
