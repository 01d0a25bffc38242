package io.weir.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A dead peer answers neither a test nor a connection: that must not cost a borrower its
 * time.
 */
class SlowLifecycleTest extends PoolFixture {

	private static final Duration SECOND = Duration.ofSeconds(1);

	/** Less than the borrow timeout, and much less than the lifecycle timeout. */
	private static final Duration A_WHILE = Duration.ofSeconds(4);

	@Test
	void aRegularTestThatHangsKeepsNobodyWaiting() {
		build(builder().minSize(1).validationInterval(SECOND));
		this.lifecycle.holdValidation();
		pass(Duration.ofSeconds(2));
		assertThat(this.pool.tryBorrow()).as("under test").isNull();
		assertServed(borrowAsync());
	}

	@Test
	void aTestBeforeLendingThatHangsKeepsNobodyWaiting() {
		build(builder().minSize(1).maxIdleTime(SECOND).validationInterval(Duration.ZERO));
		pass(Duration.ofSeconds(2));
		this.lifecycle.holdValidation();
		assertServed(borrowAsync());
	}

	@Test
	void aTestBeforeLendingThatHangsHasTheNextResourceTested() {
		build(builder().minSize(2).maxSize(2).maxIdleTime(SECOND).validationInterval(Duration.ZERO));
		pass(Duration.ofSeconds(2));
		this.lifecycle.holdValidation();
		assertServed(borrowAsync());
	}

	@Test
	void aCreationThatHangsKeepsNobodyWaiting() {
		this.lifecycle.holdCreations(1);
		build(builder());
		assertServed(borrowAsync());
	}

	@Test
	void severalCreationsThatHangKeepNobodyWaiting() {
		this.lifecycle.holdCreations(2);
		build(builder().minSize(1));
		assertServed(borrowAsync());
	}

	@Test
	void aCreationThatHangsIsNotRepeatedIfNobodyWaits() {
		List<CompletableFuture<Resource>> creations = this.lifecycle.holdCreations(2);
		build(builder().minSize(1));
		pass(A_WHILE);
		assertThat(this.lifecycle.createCalls).hasValue(1);
		creations.get(0).complete(this.lifecycle.resource());
		this.time.run();
		assertThat(this.pool.stats().size()).isEqualTo(1);
	}

	private void assertServed(CompletableFuture<Lease<Resource>> borrowed) {
		pass(A_WHILE);
		assertThat(borrowed).succeedsWithin(Duration.ofSeconds(5));
	}

}
