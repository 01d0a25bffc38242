package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two things at the same moment, many times over, on a pool of one whose maintenance does
 * nothing unless the test says so: nobody comes along and repairs what a race broke.
 */
class RaceTest extends PoolFixture {

	private static final int ROUNDS = 30_000;

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

}
