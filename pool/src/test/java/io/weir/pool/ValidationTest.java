package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

class ValidationTest extends PoolFixture {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void nothingEntersThePoolUntested() {
		CompletableFuture<Boolean> test = this.lifecycle.holdValidation();
		build(builder().initialSize(1));
		assertThat(this.pool.tryBorrow()).isNull();
		test.complete(true);
		this.time.run();
		this.pool.borrow().close();
		assertThat(this.pool.stats().validations(ValidationPhase.CREATE)).isEqualTo(new ValidationCount(1, 0));
	}

	@Test
	void newResourcesThatFailTheirTestAreDestroyedAndReplaced() {
		this.lifecycle.validations.add((resource) -> CompletableFuture.completedFuture(false));
		this.lifecycle.validations.add((resource) -> CompletableFuture.completedFuture(false));
		build(builder().minSize(1));
		pass(SECOND);
		assertThat(this.pool.borrow().resource().id).isEqualTo(2);
		assertThat(this.pool.stats().validations(ValidationPhase.CREATE)).isEqualTo(new ValidationCount(1, 2));
		assertThat(this.pool.stats().destroyed(DestroyReason.INVALID)).isEqualTo(2);
		assertThat(this.pool.stats().creationFailures()).isEqualTo(2);
	}

	@Test
	void whatIsUnusableOnBorrowIsNotLent() {
		build(builder().initialSize(2));
		this.lifecycle.created.get(0).usable = false;
		try (Lease<Resource> lease = borrowAsync().join()) {
			assertThat(lease.resource().id).isEqualTo(1);
			assertThat(this.pool.tryBorrow()).isNull();
		}
		this.time.run();
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.INVALID);
		assertThat(this.pool.stats().validations(ValidationPhase.BORROW)).isEqualTo(new ValidationCount(1, 1));
	}

	@Test
	void whatIsUnusableOnReturnIsDestroyedAndReplacedUpToTheMinimum() {
		build(builder().minSize(1));
		Lease<Resource> lease = this.pool.borrow();
		lease.resource().usable = false;
		close(lease);
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.INVALID);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
		assertThat(this.pool.stats().validations(ValidationPhase.RETURN)).isEqualTo(new ValidationCount(0, 1));
	}

	@Test
	void whatIsUnusableOnReturnIsReplacedForAWaiter() {
		build(builder().maxSize(1));
		Lease<Resource> lease = borrowAsync().join();
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		lease.resource().usable = false;
		close(lease);
		assertThat(waiter).succeedsWithin(Duration.ofSeconds(5)).matches((other) -> other.resource().id == 1);
	}

	@Test
	void idleResourcesAreTestedRegularlyAndTheDeadReplaced() {
		build(builder().minSize(2).validationInterval(Duration.ofSeconds(5)));
		pass(Duration.ofSeconds(6));
		assertThat(this.pool.stats().validations(ValidationPhase.IDLE)).isEqualTo(new ValidationCount(2, 0));
		this.lifecycle.created.get(0).valid = false;
		pass(Duration.ofSeconds(6));
		assertThat(this.lifecycle.created.get(0).destroyedFor).isEqualTo(DestroyReason.INVALID);
		assertThat(this.pool.stats().validations(ValidationPhase.IDLE).invalid()).isEqualTo(1);
		assertThat(this.pool.stats().idle()).isEqualTo(2);
	}

	@Test
	void whatWasUsedWithinTheValidationIntervalIsNotTested() {
		build(builder().minSize(1).validationInterval(Duration.ofSeconds(5)));
		for (int i = 0; i < 20; i++) {
			pass(SECOND);
			this.pool.borrow().close();
		}
		assertThat(this.pool.stats().validations(ValidationPhase.IDLE)).isEqualTo(new ValidationCount(0, 0));
	}

	@Test
	void aRegularTestLeavesMostOfThePoolToBorrowers() {
		build(builder().minSize(8).maxSize(8));
		CompletableFuture<Boolean> first = this.lifecycle.holdValidation();
		CompletableFuture<Boolean> second = this.lifecycle.holdValidation();
		pass(Duration.ofSeconds(6));
		for (int i = 0; i < 6; i++) {
			assertThat(this.pool.tryBorrow()).isNotNull();
		}
		assertThat(this.pool.tryBorrow()).isNull();
		first.complete(true);
		second.complete(true);
		this.time.run();
		assertThat(this.pool.tryBorrow()).isNotNull();
	}

	@Test
	void whatWasIdleForTooLongIsTestedBeforeItIsLent() {
		build(builder().minSize(1).maxIdleTime(Duration.ofSeconds(3)).validationInterval(Duration.ZERO));
		pass(Duration.ofSeconds(4));
		assertThat(this.pool.tryBorrow()).isNull();
		CompletableFuture<Lease<Resource>> borrowed = borrowAsync();
		assertThat(borrowed).succeedsWithin(Duration.ofSeconds(5)).matches((lease) -> lease.resource().id == 0);
		assertThat(this.pool.stats().validations(ValidationPhase.BORROW)).isEqualTo(new ValidationCount(2, 0));
		assertThat(this.lifecycle.validateCalls).as("on creation and now").hasValue(2);
	}

	@Test
	void whatDiedInALongIdleTimeIsReplacedBeforeTheBorrowerGetsIt() {
		build(builder().minSize(1).maxIdleTime(Duration.ofSeconds(3)).validationInterval(Duration.ZERO));
		pass(Duration.ofSeconds(4));
		this.lifecycle.created.get(0).valid = false;
		CompletableFuture<Lease<Resource>> borrowed = borrowAsync();
		assertThat(borrowed).succeedsWithin(Duration.ofSeconds(5)).matches((lease) -> lease.resource().id == 1);
		assertThat(this.pool.stats().validations(ValidationPhase.BORROW).invalid()).isEqualTo(1);
	}

	@Test
	void tryBorrowHasWhatWasIdleForTooLongTested() {
		build(builder().minSize(1).maxIdleTime(Duration.ofSeconds(3)).validationInterval(Duration.ZERO));
		pass(Duration.ofSeconds(4));
		assertThat(this.pool.tryBorrow()).isNull();
		this.time.run();
		assertThat(this.pool.tryBorrow()).isNotNull();
	}

	@Test
	void aRegularTestSparesTheBorrowerTheWait() {
		build(builder().minSize(1).maxIdleTime(Duration.ofSeconds(3)).validationInterval(SECOND));
		pass(Duration.ofSeconds(10));
		assertThat(this.pool.tryBorrow()).isNotNull();
	}

	@Test
	void testsThatThrowFailOrHangCountAsFailed() {
		this.lifecycle.validations.add((resource) -> {
			throw new IllegalStateException("scripted");
		});
		this.lifecycle.validations
			.add((resource) -> CompletableFuture.failedFuture(new IllegalStateException("scripted")));
		this.lifecycle.validations.add((resource) -> null);
		this.lifecycle.validations.add((resource) -> CompletableFuture.completedFuture(null));
		CompletableFuture<Boolean> hanging = this.lifecycle.holdValidation();
		build(builder().minSize(1).lifecycleTimeout(SECOND));
		pass(Duration.ofSeconds(5));
		assertThat(this.pool.stats().validations(ValidationPhase.CREATE)).isEqualTo(new ValidationCount(1, 5));
		assertThat(this.pool.stats().idle()).isEqualTo(1);
		hanging.complete(true);
		this.time.run();
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void aCheapTestThatThrowsLosesNothing() {
		AtomicBoolean broken = new AtomicBoolean();
		Pool<String> throwing = Pool.builder(new ResourceLifecycle<String>() {
			@Override
			public CompletableFuture<String> create() {
				return CompletableFuture.completedFuture("resource");
			}

			@Override
			public boolean isUsable(String resource) {
				if (broken.getAndSet(false)) {
					throw new IllegalStateException("scripted");
				}
				return true;
			}
		}).timekeeper(this.time).minSize(1).build();
		this.time.run();
		broken.set(true);
		assertThat(throwing.tryBorrow()).isNull();
		this.time.run();
		assertThat(throwing.stats().validations(ValidationPhase.BORROW)).isEqualTo(new ValidationCount(0, 1));
		assertThat(throwing.stats().idle()).isEqualTo(1);
		throwing.closeAsync(Duration.ZERO);
		this.time.run();
	}

}
