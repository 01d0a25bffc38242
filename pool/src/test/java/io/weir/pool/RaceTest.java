package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two things at the same moment, many times over, on a pool of one whose maintenance does
 * nothing unless the test says so: nobody comes along and repairs what a race broke.
 */
class RaceTest extends PoolFixture {

	private static final int ROUNDS = 10_000;

	private final Race race = new Race();

	@BeforeEach
	void buildAPoolOfOne() {
		build(builder().minSize(1).maxSize(1).borrowTimeout(Duration.ofDays(1)));
	}

	@AfterEach
	void stop() {
		this.race.close();
	}

	@Test
	void aReturnJustBeforeTheBorrowerEntersTheQueueIsNotMissed() {
		Lease<Resource> lease = this.pool.borrow();
		this.time.onNextLookAtTheClock(lease::close);
		CompletableFuture<Lease<Resource>> borrowed = this.pool.borrowAsync().toCompletableFuture();
		assertThat(borrowed).isCompleted();
		borrowed.join().close();
	}

	@Test
	void aReturnThatMeetsABorrowerServesIt() throws Exception {
		for (int i = 0; i < ROUNDS; i++) {
			Lease<Resource> lease = this.pool.borrow();
			CompletableFuture<Lease<Resource>> borrowed = new CompletableFuture<>();
			this.race.between(lease::close, () -> this.pool.borrowAsync().thenAccept(borrowed::complete));
			assertThat(borrowed.isDone()).as("served in round %d", i).isTrue();
			borrowed.join().close();
		}
	}

	@Test
	void aReturnThatMeetsACancellationLosesNothing() throws Exception {
		for (int i = 0; i < ROUNDS; i++) {
			Lease<Resource> lease = this.pool.borrow();
			CompletableFuture<Lease<Resource>> borrowed = this.pool.borrowAsync().toCompletableFuture();
			this.race.between(lease::close, () -> borrowed.cancel(false));
			if (!borrowed.isCancelled()) {
				borrowed.join().close();
			}
			assertThat(this.pool.stats().idle()).as("idle after round %d", i).isEqualTo(1);
		}
	}

	@Test
	void aReturnThatMeetsABlockingBorrowerServesIt() throws Exception {
		for (int i = 0; i < ROUNDS; i++) {
			Lease<Resource> lease = this.pool.borrow();
			this.race.between(lease::close, () -> this.pool.borrow().close());
			assertThat(this.pool.stats().idle()).as("idle after round %d", i).isEqualTo(1);
			assertThat(this.pool.stats().pending()).as("waiting after round %d", i).isZero();
		}
	}

	/** Of two kinds: those that are woken, and those that are handed a lease. */
	@ParameterizedTest
	@ValueSource(longs = { 0, 1 })
	void aReturnThatMeetsAnInterruptLosesNothing(long millisWaited) throws Exception {
		for (int i = 0; i < ROUNDS / 30; i++) {
			Lease<Resource> lease = this.pool.borrow();
			Borrower borrower = new Borrower();
			borrower.start();
			await().pollInSameThread().pollInterval(Duration.ofNanos(1000)).until(this::somebodyWaits);
			pass(Duration.ofMillis(millisWaited));
			this.race.between(lease::close, borrower::interrupt);
			borrower.join();
			assertThat(this.pool.stats().idle()).as("idle after round %d", i).isEqualTo(1);
			assertThat(borrower.served ^ borrower.interrupted).as("one outcome in round %d", i).isTrue();
		}
	}

	@Test
	void aReturnThatMeetsTheEndOfAWaitLosesNothing() throws Exception {
		this.pool.closeAsync(Duration.ZERO);
		this.time.run();
		build(builder().minSize(1).maxSize(1).borrowTimeout(Duration.ofMillis(4)));
		for (int i = 0; i < ROUNDS / 10; i++) {
			Lease<Resource> lease = this.pool.borrow();
			CompletableFuture<Lease<Resource>> borrowed = this.pool.borrowAsync().toCompletableFuture();
			this.race.between(lease::close, () -> pass(Duration.ofMillis(5)));
			borrowed.handle((got, failure) -> got).thenAccept((got) -> {
				if (got != null) {
					got.close();
				}
			}).get(10, TimeUnit.SECONDS);
			assertThat(this.pool.stats().idle()).as("idle after round %d", i).isEqualTo(1);
		}
	}

	@Test
	void aCancellationThatMeetsTheDeliveryLosesNothing() throws Exception {
		for (int i = 0; i < ROUNDS; i++) {
			Lease<Resource> lease = this.pool.borrow();
			List<Runnable> eventLoop = new ArrayList<>();
			CompletableFuture<Lease<Resource>> borrowed = this.pool.borrowAsync(eventLoop::add).toCompletableFuture();
			lease.close();
			this.race.between(eventLoop.get(0), () -> borrowed.cancel(false));
			if (!borrowed.isCancelled()) {
				borrowed.join().close();
			}
			assertThat(this.pool.stats().idle()).as("idle after round %d", i).isEqualTo(1);
		}
	}

	private boolean somebodyWaits() {
		return this.pool.stats().pending() == 1;
	}

	@Test
	void twoClosesOfOneLeaseReturnItOnce() throws Exception {
		for (int i = 0; i < ROUNDS; i++) {
			Lease<Resource> lease = this.pool.borrow();
			CompletableFuture<Lease<Resource>> second = this.pool.borrowAsync().toCompletableFuture();
			CompletableFuture<Lease<Resource>> third = this.pool.borrowAsync().toCompletableFuture();
			this.race.between(lease::close, lease::close);
			assertThat(second.isDone()).as("served in round %d", i).isTrue();
			assertThat(third.isDone()).as("not served in round %d", i).isFalse();
			second.join().close();
			third.join().close();
		}
	}

	@Test
	void aCloseThatMeetsAnInvalidationEndsTheLeaseOnce() throws Exception {
		for (int i = 0; i < ROUNDS / 10; i++) {
			Lease<Resource> lease = this.pool.borrow();
			this.race.between(lease::close, lease::invalidate);
			this.time.run();
			assertThat(this.pool.stats().idle()).as("idle after round %d", i).isEqualTo(1);
		}
	}

	@Test
	void aReturnThatMeetsInvalidateAllLosesNothing() throws Exception {
		for (int i = 0; i < ROUNDS / 10; i++) {
			Lease<Resource> lease = this.pool.borrow();
			Resource resource = lease.resource();
			this.race.between(lease::close, this.pool::invalidateAll);
			this.time.run();
			assertThat(resource.destroyedFor).as("round %d", i).isEqualTo(DestroyReason.INVALIDATED);
			assertThat(this.pool.stats().idle()).as("idle after round %d", i).isEqualTo(1);
		}
	}

	@Test
	void oneOfTwoBorrowersGetsTheOnlyResource() throws Exception {
		for (int i = 0; i < ROUNDS; i++) {
			Lease<?>[] leases = new Lease<?>[2];
			this.race.between(() -> leases[0] = this.pool.tryBorrow(), () -> leases[1] = this.pool.tryBorrow());
			assertThat((leases[0] != null) ^ (leases[1] != null)).as("one lease in round %d", i).isTrue();
			(leases[0] != null ? leases[0] : leases[1]).close();
		}
	}

	/** Returns what it gets. */
	private final class Borrower extends Thread {

		private boolean served;

		private boolean interrupted;

		@Override
		public void run() {
			try {
				RaceTest.this.pool.borrow().close();
				this.served = true;
			}
			catch (BorrowInterruptedException ex) {
				this.interrupted = true;
			}
		}

	}

}
