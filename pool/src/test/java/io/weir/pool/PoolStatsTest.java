package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

class PoolStatsTest extends PoolFixture {

	@Test
	void aTestThatPassedCountsEvenIfTheResourceIsDestroyed() {
		build(builder().minSize(1));
		Lease<Resource> lease = this.pool.borrow();
		this.pool.invalidateAll();
		close(lease);
		assertThat(this.pool.stats().validations(ValidationPhase.RETURN)).isEqualTo(new ValidationCount(1, 0));
	}

	@Test
	void aClaimThatReachesNobodyLeadsNoCounterBack() {
		AtomicReference<Pool<String>> pool = new AtomicReference<>();
		AtomicReference<PoolStats> meanwhile = new AtomicReference<>();
		pool.set(Pool.builder(new ResourceLifecycle<String>() {

			@Override
			public CompletionStage<String> create() {
				return CompletableFuture.completedStage("resource");
			}

			@Override
			public boolean isUsable(String resource) {
				if (pool.get().stats().active() == 0) {
					return true; // the test on creation
				}
				meanwhile.set(pool.get().stats());
				return false;
			}

		}).timekeeper(this.time).minSize(1).build());
		this.time.run();
		assertThat(pool.get().tryBorrow()).isNull();
		PoolStats after = pool.get().stats();
		assertThat(after.borrows()).isGreaterThanOrEqualTo(meanwhile.get().borrows());
		assertThat(after.validations(ValidationPhase.BORROW).valid())
			.isGreaterThanOrEqualTo(meanwhile.get().validations(ValidationPhase.BORROW).valid());
		pool.get().closeAsync(Duration.ZERO);
		this.time.run();
	}

}
