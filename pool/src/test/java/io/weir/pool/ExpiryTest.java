package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ExpiryTest extends PoolFixture {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void idleResourcesAboveTheMinimumAreDestroyed() {
		build(builder().minSize(2).initialSize(5).maxIdleTime(Duration.ofSeconds(3)));
		pass(Duration.ofMillis(2900));
		assertThat(this.pool.stats().size()).isEqualTo(5);
		pass(SECOND);
		assertThat(this.pool.stats().size()).isEqualTo(2);
		assertThat(this.pool.stats().destroyed(DestroyReason.IDLE)).isEqualTo(3);
		pass(Duration.ofSeconds(30));
		assertThat(this.pool.stats().size()).isEqualTo(2);
	}

	@Test
	void aRegularTestDoesNotCountAsUse() {
		build(builder().initialSize(1).maxIdleTime(Duration.ofSeconds(3)).validationInterval(SECOND));
		pass(Duration.ofSeconds(4));
		assertThat(this.pool.stats().destroyed(DestroyReason.IDLE)).isEqualTo(1);
	}

	@Test
	void whatIsUsedStays() {
		build(builder().initialSize(1).maxIdleTime(Duration.ofSeconds(3)));
		for (int i = 0; i < 10; i++) {
			pass(SECOND);
			this.pool.borrow().close();
		}
		assertThat(this.pool.stats().size()).isEqualTo(1);
	}

	@Test
	void anOldIdleResourceIsReplacedBeforeItIsDestroyed() {
		build(builder().minSize(1)
			.maxSize(2)
			.maxLifetime(Duration.ofSeconds(100))
			.lifecycleTimeout(Duration.ofMinutes(1)));
		CompletableFuture<Resource> replacement = this.lifecycle.holdCreations(1).get(0);
		pass(Duration.ofSeconds(101));
		assertThat(this.lifecycle.createCalls).hasValue(2);
		this.pool.borrow().close();
		replacement.complete(this.lifecycle.resource());
		pass(SECOND);
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.LIFETIME);
		assertThat(this.pool.borrow().resource().id).isEqualTo(1);
	}

	@Test
	void anOldIdleResourceStaysUntilItsReplacementHasPassedItsTest() {
		build(builder().minSize(1)
			.maxSize(2)
			.maxLifetime(Duration.ofSeconds(100))
			.validationInterval(Duration.ZERO)
			.maxIdleTime(Duration.ZERO)
			.lifecycleTimeout(Duration.ofMinutes(1)));
		CompletableFuture<Boolean> failing = this.lifecycle.holdValidation();
		CompletableFuture<Boolean> passing = this.lifecycle.holdValidation();
		pass(Duration.ofSeconds(101));
		assertThat(this.lifecycle.createCalls).hasValue(2);
		failing.complete(false);
		pass(SECOND);
		assertThat(this.lifecycle.createCalls).hasValue(3);
		this.pool.borrow(Duration.ZERO).close();
		passing.complete(true);
		pass(SECOND);
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.LIFETIME);
		assertThat(this.pool.borrow(Duration.ZERO).resource().id).isEqualTo(2);
	}

	@Test
	void anOldIdleResourceGoesFirstWhenThereIsNoRoom() {
		build(builder().minSize(1).maxSize(1).maxLifetime(Duration.ofSeconds(100)));
		pass(Duration.ofSeconds(101));
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.LIFETIME);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void anOldIdleResourceGoesInTheEndEvenIfItCannotBeReplaced() {
		build(builder().minSize(1).maxSize(2).maxLifetime(Duration.ofSeconds(100)).lifecycleTimeout(SECOND));
		this.lifecycle.failCreations(1000, new IllegalStateException("refused"));
		pass(Duration.ofSeconds(110));
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.LIFETIME);
		this.lifecycle.creations.clear();
	}

	@Test
	void anOldResourceIsDestroyedOnReturnHoweverBusyThePoolIs() {
		build(builder().minSize(1).maxSize(1).maxLifetime(Duration.ofSeconds(100)));
		Lease<Resource> lease = this.pool.borrow();
		pass(Duration.ofSeconds(101));
		assertThat(lease.resource().destroyedFor).isNull();
		close(lease);
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.LIFETIME);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void resourcesOfOneAgeDoNotAllGoAtOnce() {
		build(builder().minSize(8).maxSize(8).maxLifetime(Duration.ofSeconds(1000)));
		List<Long> destroyed = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			pass(SECOND.multipliedBy((i == 0) ? 900 : 1));
			destroyed.add(this.pool.stats().destroyed(DestroyReason.LIFETIME));
		}
		pass(Duration.ofSeconds(5));
		assertThat(this.pool.stats().destroyed(DestroyReason.LIFETIME)).isEqualTo(8);
		assertThat(destroyed.stream().distinct().count()).isGreaterThan(2);
	}

	@Test
	void evictDestroysWhatIsIdleAndFillsUpAgain() {
		build(builder().minSize(2).initialSize(4));
		Lease<Resource> lent = this.pool.borrow();
		assertThat(this.pool.evict()).isEqualTo(3);
		assertThat(this.pool.tryBorrow()).isNull();
		this.time.run();
		assertThat(this.pool.stats().destroyed(DestroyReason.EVICTED)).isEqualTo(3);
		assertThat(this.pool.stats().size()).isEqualTo(2);
		assertThat(lent.resource().destroyedFor).isNull();
		lent.close();
	}

	@Test
	void invalidateAllDestroysWhatIsIdleNowAndWhatIsLentOnReturn() {
		build(builder().minSize(2).maxSize(2));
		Lease<Resource> lent = this.pool.borrow();
		Resource used = lent.resource();
		this.pool.invalidateAll();
		assertThat(this.pool.tryBorrow()).isNull();
		this.time.run();
		assertThat(used.destroyedFor).as("is used until it is returned").isNull();
		assertThat(this.pool.stats().destroyed(DestroyReason.INVALIDATED)).isEqualTo(1);
		close(lent);
		assertThat(used.destroyedFor).isEqualTo(DestroyReason.INVALIDATED);
		assertThat(this.pool.stats().idle()).as("replaced").isEqualTo(2);
		assertThat(this.pool.borrow().resource().id).isGreaterThan(1);
	}

	@Test
	void invalidateAllReachesWhatIsBeingCreated() {
		CompletableFuture<Resource> creation = this.lifecycle.holdCreations(1).get(0);
		build(builder().maxSize(1));
		CompletableFuture<Lease<Resource>> borrowed = borrowAsync();
		this.pool.invalidateAll();
		creation.complete(this.lifecycle.resource());
		this.time.run();
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.INVALIDATED);
		assertThat(borrowed).succeedsWithin(Duration.ofSeconds(5)).matches((lease) -> lease.resource().id == 1);
	}

	@Test
	void invalidateAllReachesWhatIsUnderTest() {
		CompletableFuture<Boolean> test = this.lifecycle.holdValidation();
		build(builder().minSize(1));
		this.pool.invalidateAll();
		test.complete(true);
		this.time.run();
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.INVALIDATED);
		assertThat(this.pool.borrow().resource().id).isEqualTo(1);
	}

	@Test
	void invalidateAllCostsNoCapacityHoweverOftenItHappens() {
		build(builder().minSize(1).maxSize(4));
		for (int i = 0; i < 500; i++) {
			Lease<Resource> one = borrowAsync().join();
			Lease<Resource> two = borrowAsync().join();
			this.pool.invalidateAll();
			one.close();
			this.pool.invalidateAll();
			two.invalidate();
			this.time.run();
		}
		for (int i = 0; i < 4; i++) {
			assertThat(borrowAsync()).succeedsWithin(Duration.ofSeconds(5));
		}
		assertThat(borrowAsync()).isNotDone();
	}

	@Test
	void aLeaseThatIsOutForTooLongIsReportedOnce() {
		List<Long> leaks = new ArrayList<>();
		build(builder().leakDetectionThreshold(Duration.ofSeconds(10)).initialSize(1).listener(new PoolListener() {
			@Override
			public void leaked(long lentNanos) {
				leaks.add(lentNanos);
			}
		}));
		Lease<Resource> lease = this.pool.borrow();
		pass(Duration.ofSeconds(9));
		assertThat(leaks).isEmpty();
		pass(Duration.ofSeconds(20));
		assertThat(leaks).hasSize(1);
		assertThat(this.pool.stats().leaks()).isEqualTo(1);
		close(lease);
		this.pool.borrow();
		pass(Duration.ofSeconds(11));
		assertThat(leaks).hasSize(2);
	}

	@Test
	void aLeaseThatIsHeldIsNoLeakAndTheNextLoanOfItsResourceIs() {
		build(builder().maxSize(1).leakDetectionThreshold(Duration.ofSeconds(10)));
		Lease<Resource> lease = borrowAsync().join();
		lease.hold();
		pass(Duration.ofMinutes(1));
		assertThat(this.pool.stats().leaks()).isZero();
		close(lease);
		Lease<Resource> next = this.pool.borrow();
		lease.hold();
		pass(Duration.ofSeconds(11));
		assertThat(this.pool.stats().leaks()).isEqualTo(1);
		close(next);
	}

	@Test
	void aSweepThatFailsIsNotTheLast() {
		build(builder().maxSize(1).borrowTimeout(SECOND));
		borrowAsync().join();
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		this.time.onNextLookAtTheClock(() -> {
			throw new InternalError("scripted");
		});
		assertThatExceptionOfType(InternalError.class).isThrownBy(() -> pass(SECOND));
		pass(Duration.ofSeconds(2));
		assertThat(waiter).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(BorrowTimeoutException.class);
	}

	@Test
	void anEmptyPoolDoesNothingUntilItIsWanted() {
		build(builder().maxIdleTime(Duration.ofSeconds(10)));
		pass(Duration.ofSeconds(1));
		assertThat(this.time.pending()).isZero();
		close(borrowAsync().join());
		assertThat(this.time.pending()).isPositive();
		pass(Duration.ofSeconds(11));
		assertThat(this.pool.stats().size()).isZero();
		assertThat(this.time.pending()).isZero();
		this.pool.resize(1, 2);
		pass(Duration.ofSeconds(1));
		assertThat(this.pool.stats().size()).isOne();
	}

}
