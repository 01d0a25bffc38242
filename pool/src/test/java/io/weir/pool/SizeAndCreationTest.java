package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SizeAndCreationTest extends PoolFixture {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void theInitialResourcesAreCreatedInTheBackground() {
		List<CompletableFuture<Resource>> creations = this.lifecycle.holdCreations(3);
		build(builder().initialSize(3));
		CompletableFuture<Void> ready = this.pool.ready().toCompletableFuture();
		assertThat(this.pool.stats().creating()).isEqualTo(3);
		creations.forEach((creation) -> creation.complete(this.lifecycle.resource()));
		assertThat(ready).isNotDone();
		this.time.run();
		assertThat(ready).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.pool.stats().idle()).isEqualTo(3);
	}

	@Test
	void aPoolWithoutInitialResourcesIsReadyAtOnce() {
		build(builder());
		assertThat(this.pool.ready().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.lifecycle.createCalls).hasValue(0);
	}

	@Test
	void readyFailsWhenThePoolIsClosedFirst() {
		this.lifecycle.holdCreations(1);
		build(builder().initialSize(1));
		CompletableFuture<Void> ready = this.pool.ready().toCompletableFuture();
		this.pool.closeAsync(Duration.ZERO);
		this.time.run();
		assertThat(ready).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(PoolClosedException.class);
	}

	@Test
	void thePoolIsReadyWhenItHasBecomeTooSmallForWhatIsMissing() {
		List<CompletableFuture<Resource>> creations = this.lifecycle.holdCreations(3);
		build(builder().maxSize(4).initialSize(4).creationConcurrency(1));
		for (CompletableFuture<Resource> creation : creations.subList(0, 2)) {
			creation.complete(this.lifecycle.resource());
			this.time.run();
		}
		CompletableFuture<Void> ready = this.pool.ready().toCompletableFuture();
		this.pool.resize(0, 2);
		this.time.run();
		assertThat(ready).succeedsWithin(Duration.ofSeconds(5));
		creations.get(2).complete(this.lifecycle.resource());
		this.time.run();
		this.pool.evict();
		pass(SECOND);
		assertThat(this.pool.stats().size()).as("there is no minimum").isZero();
		this.lifecycle.mostAlive.set(2);
	}

	@Test
	void theMaximumIsNeverExceeded() {
		build(builder().maxSize(2));
		List<CompletableFuture<Lease<Resource>>> borrowed = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			borrowed.add(borrowAsync());
		}
		assertThat(this.lifecycle.createCalls).hasValue(2);
		assertThat(this.pool.stats().pending()).isEqualTo(3);
		borrowed.get(0).join().close();
		borrowed.get(1).join().invalidate();
		this.time.run();
		assertThat(borrowed.get(3)).succeedsWithin(Duration.ofSeconds(5));
		assertThat(borrowed.get(4)).isNotDone();
		assertThat(this.pool.stats().size()).isEqualTo(2);
	}

	@Test
	void aResourceBeingDestroyedCountsUntilItIsGone() {
		CompletableFuture<Void> destruction = new CompletableFuture<>();
		this.lifecycle.destructions.add(() -> destruction);
		build(builder().maxSize(1));
		borrowAsync().join().invalidate();
		CompletableFuture<Lease<Resource>> next = borrowAsync();
		assertThat(this.lifecycle.createCalls).hasValue(1);
		destruction.complete(null);
		this.time.run();
		assertThat(next).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void severalAreCreatedAtATimeUpToTheLimit() {
		List<CompletableFuture<Resource>> creations = this.lifecycle.holdCreations(8);
		build(builder().maxSize(8).creationConcurrency(3));
		for (int i = 0; i < 8; i++) {
			this.pool.borrowAsync();
		}
		this.time.run();
		assertThat(this.pool.stats().creating()).isEqualTo(3);
		creations.get(0).complete(this.lifecycle.resource());
		this.time.run();
		assertThat(this.lifecycle.createCalls).hasValue(4);
		creations.subList(1, 8).forEach((creation) -> creation.complete(this.lifecycle.resource()));
		this.time.run();
	}

	@Test
	void noMoreIsCreatedThanAreWaitedFor() {
		build(builder().maxSize(8));
		List<CompletableFuture<Resource>> creations = this.lifecycle.holdCreations(3);
		for (int i = 0; i < 3; i++) {
			borrowAsync();
		}
		assertThat(this.lifecycle.createCalls).hasValue(3);
		creations.forEach((creation) -> creation.complete(this.lifecycle.resource()));
		this.time.run();
		assertThat(this.lifecycle.createCalls).hasValue(3);
	}

	@Test
	void nothingIsCreatedWhileSomethingIsIdle() {
		build(builder().maxSize(8));
		borrowAsync().join().close();
		borrowAsync().join().close();
		assertThat(this.lifecycle.createCalls).hasValue(1);
	}

	@Test
	void failedCreationsBackOffAndThenServeTheWaiter() {
		this.lifecycle.failCreations(5, new IllegalStateException("refused"));
		build(builder().borrowTimeout(Duration.ofMinutes(1)));
		CompletableFuture<Lease<Resource>> borrowed = borrowAsync();
		assertThat(this.lifecycle.createCalls).hasValue(1);
		pass(Duration.ofMillis(4));
		assertThat(this.lifecycle.createCalls).as("backs off for at least 5 ms").hasValue(1);
		pass(SECOND);
		assertThat(borrowed).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.pool.stats().creationFailures()).isEqualTo(5);
	}

	@Test
	void aTimeoutTellsWhyNothingCouldBeCreated() {
		this.lifecycle.failCreations(1000, new IllegalStateException("refused"));
		build(builder().borrowTimeout(SECOND));
		CompletableFuture<Lease<Resource>> borrowed = borrowAsync();
		pass(Duration.ofSeconds(2));
		assertThat(borrowed).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(BorrowTimeoutException.class)
			.havingCause()
			.withMessage("refused");
		this.lifecycle.creations.clear();
	}

	@Test
	void creationsThatThrowOrGiveNothingCountAsFailed() {
		this.lifecycle.creations.add(() -> {
			throw new IllegalStateException("scripted");
		});
		this.lifecycle.creations.add(() -> null);
		this.lifecycle.creations.add(() -> CompletableFuture.completedFuture(null));
		build(builder().minSize(1));
		pass(SECOND);
		assertThat(this.pool.stats().creationFailures()).isEqualTo(3);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void aCreationThatHangsIsGivenUpAndDestroyedWhenItArrives() {
		CompletableFuture<Resource> hanging = this.lifecycle.holdCreations(1).get(0);
		build(builder().maxSize(1).lifecycleTimeout(SECOND));
		CompletableFuture<Lease<Resource>> borrowed = borrowAsync();
		pass(Duration.ofSeconds(2));
		assertThat(borrowed).succeedsWithin(Duration.ofSeconds(5));
		borrowed.join().invalidate();
		this.time.run();
		hanging.complete(this.lifecycle.resource());
		this.time.run();
		assertThat(this.lifecycle.destroyed()).containsEntry(DestroyReason.ABANDONED, 1);
	}

	@Test
	void aHangingCreationIsTheCauseOfATimeout() {
		this.lifecycle.holdCreations(100);
		build(builder().maxSize(1).lifecycleTimeout(SECOND).borrowTimeout(Duration.ofSeconds(3)));
		CompletableFuture<Lease<Resource>> borrowed = borrowAsync();
		pass(Duration.ofSeconds(4));
		assertThat(borrowed).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.havingCause()
			.isInstanceOf(TimeoutException.class);
	}

	@Test
	void destructionsThatThrowFailOrHangGiveTheirPlaceBack() {
		this.lifecycle.destructions.add(() -> {
			throw new IllegalStateException("scripted");
		});
		this.lifecycle.destructions.add(() -> CompletableFuture.failedFuture(new IllegalStateException("scripted")));
		this.lifecycle.destructions.add(() -> null);
		this.lifecycle.destructions.add(CompletableFuture::new);
		build(builder().maxSize(1).minSize(1).lifecycleTimeout(SECOND));
		for (int i = 0; i < 4; i++) {
			borrowAsync().join().invalidate();
			pass(Duration.ofSeconds(2));
			assertThat(this.pool.stats().idle()).isEqualTo(1);
		}
		assertThat(this.pool.stats().destroyed(DestroyReason.INVALIDATED)).isEqualTo(4);
	}

	@Test
	void aResourceThatIsNeverUsableDoesNotMakeThePoolSpin() {
		build(builder().maxSize(1));
		for (int i = 0; i < 10_000; i++) {
			this.lifecycle.creations.add(() -> {
				Resource resource = this.lifecycle.resource();
				resource.usable = false;
				return CompletableFuture.completedFuture(resource);
			});
		}
		CompletableFuture<Lease<Resource>> borrowed = borrowAsync();
		pass(SECOND);
		assertThat(borrowed).isNotDone();
		assertThat(this.lifecycle.createCalls.get()).isLessThan(200);
		this.lifecycle.creations.clear();
		pass(Duration.ofSeconds(2));
		assertThat(borrowed).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void aSmallerPoolDestroysWhatIsTooMuch() {
		build(builder().maxSize(4).initialSize(4));
		List<Lease<Resource>> lent = List.of(this.pool.borrow(), this.pool.borrow(), this.pool.borrow());
		this.pool.resize(0, 1);
		this.time.run();
		assertThat(this.pool.stats().size()).isEqualTo(3);
		lent.forEach(this::close);
		assertThat(this.pool.stats().size()).isEqualTo(1);
		assertThat(this.pool.stats().destroyed(DestroyReason.RESIZED)).isEqualTo(3);
		assertThat(this.pool.stats().max()).isEqualTo(1);
		this.lifecycle.mostAlive.set(1);
	}

	@Test
	void aLargerPoolServesThoseWhoWaitAndKeepsTheNewMinimum() {
		build(builder().maxSize(1));
		borrowAsync().join();
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		assertThat(waiter).isNotDone();
		this.pool.resize(4, 8);
		this.time.run();
		assertThat(waiter).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.pool.stats().size()).isEqualTo(5);
	}

	@Test
	void whatArrivesInAPoolThatHasBecomeSmallerIsDestroyed() {
		List<CompletableFuture<Resource>> creations = this.lifecycle.holdCreations(2);
		build(builder().initialSize(2).maxSize(2));
		this.pool.resize(0, 1);
		creations.forEach((creation) -> creation.complete(this.lifecycle.resource()));
		this.time.run();
		assertThat(this.pool.stats().size()).isEqualTo(1);
		this.lifecycle.mostAlive.set(1);
	}

	@Test
	void aWrongSizeIsRefused() {
		build(builder());
		assertThatIllegalArgumentException().isThrownBy(() -> this.pool.resize(3, 2))
			.withMessage("minSize must be from 0 to maxSize (2), was 3");
	}

	@Test
	void failFastTellsThoseWhoWaitWhyAtOnce() {
		this.lifecycle.failCreations(2, new IllegalStateException("refused"));
		build(builder().creationFailurePolicy(CreationFailurePolicy.FAIL_FAST));
		assertThat(borrowAsync()).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(ResourceCreationException.class)
			.withMessageContaining("'test' could not create a resource: refused");
		pass(SECOND);
		assertThat(borrowAsync()).failsWithin(Duration.ofSeconds(5));
		pass(SECOND);
		assertThat(borrowAsync()).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void failFastLetsThoseWaitForWhomAResourceMayBeReturned() {
		build(builder().creationFailurePolicy(CreationFailurePolicy.FAIL_FAST));
		Lease<Resource> lent = borrowAsync().join();
		this.lifecycle.failCreations(100, new IllegalStateException("refused"));
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		close(lent);
		assertThat(waiter).succeedsWithin(Duration.ofSeconds(5));
		this.lifecycle.creations.clear();
	}

	@Test
	void failFastTellsThoseWhoWaitThatANewResourceDoesNotWork() {
		this.lifecycle.validations.add((resource) -> CompletableFuture.completedStage(false));
		build(builder().creationFailurePolicy(CreationFailurePolicy.FAIL_FAST));
		assertThat(borrowAsync()).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(ResourceCreationException.class)
			.withMessageContaining("failed its first test");
	}

	@Test
	void failFastFailsThePrefill() {
		this.lifecycle.failCreations(1, new IllegalStateException("refused"));
		build(builder().initialSize(1).creationFailurePolicy(CreationFailurePolicy.FAIL_FAST));
		assertThat(this.pool.ready().toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
	}

}
