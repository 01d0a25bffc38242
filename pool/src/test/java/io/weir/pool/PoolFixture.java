package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.AfterEach;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool on a scripted lifecycle and time that the test turns. After each test the pool
 * is closed and everything must have been destroyed, once.
 */
abstract class PoolFixture {

	final ScriptedLifecycle lifecycle = new ScriptedLifecycle();

	final ManualTimekeeper time = new ManualTimekeeper();

	Pool<Resource> pool;

	PoolBuilder<Resource> builder() {
		return Pool.builder(this.lifecycle).name("test").timekeeper(this.time);
	}

	Pool<Resource> build(PoolBuilder<Resource> builder) {
		this.pool = builder.build();
		this.time.run();
		return this.pool;
	}

	void pass(Duration duration) {
		this.time.advance(duration);
	}

	CompletableFuture<Lease<Resource>> borrowAsync() {
		CompletableFuture<Lease<Resource>> future = this.pool.borrowAsync().toCompletableFuture();
		this.time.run();
		return future;
	}

	void close(Lease<Resource> lease) {
		lease.close();
		this.time.run();
	}

	@AfterEach
	void everythingIsDestroyedOnceTheMaximumWasHeldAndNothingWasMisused() {
		if (this.pool == null) {
			return;
		}
		int max = this.pool.stats().max();
		CompletionStage<CloseReport> closed = this.pool.closeAsync(Duration.ZERO);
		pass(Duration.ofSeconds(60));
		assertThat(closed.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.lifecycle.alive).hasValue(0);
		assertThat(this.lifecycle.mostAlive.get()).isLessThanOrEqualTo(max);
		assertThat(this.lifecycle.violations).isEmpty();
		assertThat(this.pool.stats().size()).isZero();
		assertThat(this.pool.stats().pending()).isZero();
	}

}
