package io.weir.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class CloseTest extends PoolFixture {

	/** The common pool may have one thread only, too few for those who block. */
	private static final Executor THREADS = (task) -> new Thread(task).start();

	@Test
	void closingFailsWaitersAndDestroysEverything() {
		build(builder().maxSize(2).initialSize(2));
		Lease<Resource> lease = this.pool.borrow();
		this.pool.borrow().close();
		Lease<Resource> other = this.pool.borrow();
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		other.close();
		waiter.join();
		CompletableFuture<Lease<Resource>> blocked = CompletableFuture.supplyAsync(this.pool::borrow, THREADS);
		await().until(() -> this.pool.stats().pending() == 1);
		CompletableFuture<CloseReport> closed = this.pool.closeAsync(Duration.ZERO).toCompletableFuture();
		this.time.run();
		assertThat(closed).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new CloseReport(2, 1));
		assertThat(blocked).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(PoolClosedException.class)
			.withMessageContaining("'test'");
		assertThat(this.lifecycle.destroyed()).containsEntry(DestroyReason.CLOSED, 2);
		assertThatIllegalStateException().isThrownBy(lease::resource);
		lease.close();
		lease.invalidate();
		this.time.run();
	}

	@Test
	void aClosedPoolRefusesBorrowers() {
		build(builder().initialSize(1));
		this.pool.closeAsync(Duration.ofSeconds(1));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.pool.borrow());
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.pool.tryBorrow());
		assertThat(this.pool.borrowAsync().toCompletableFuture()).isCompletedExceptionally()
			.failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(PoolClosedException.class);
	}

	@Test
	void theGracePeriodServesWaitersAndWaitsForLeases() {
		build(builder().maxSize(1));
		Lease<Resource> lease = borrowAsync().join();
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		CompletableFuture<CloseReport> closed = this.pool.closeAsync(Duration.ofSeconds(3)).toCompletableFuture();
		pass(Duration.ofSeconds(1));
		close(lease);
		Lease<Resource> second = waiter.join();
		pass(Duration.ofSeconds(1));
		assertThat(closed).isNotDone();
		close(second);
		pass(Duration.ofMillis(500));
		assertThat(closed).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new CloseReport(0, 0));
	}

	@Test
	void theGracePeriodEnds() {
		build(builder().maxSize(1));
		Lease<Resource> lease = borrowAsync().join();
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		CompletableFuture<CloseReport> closed = this.pool.closeAsync(Duration.ofSeconds(3)).toCompletableFuture();
		pass(Duration.ofSeconds(4));
		assertThat(closed).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new CloseReport(1, 1));
		assertThat(waiter).failsWithin(Duration.ofSeconds(5));
		assertThat(this.lifecycle.destroyed()).containsEntry(DestroyReason.CLOSED, 1);
		lease.close();
	}

	@Test
	void aSecondCloseShortensTheGracePeriod() {
		build(builder().maxSize(1));
		borrowAsync().join();
		CompletableFuture<CloseReport> patient = this.pool.closeAsync(Duration.ofHours(1)).toCompletableFuture();
		this.pool.closeAsync(Duration.ZERO);
		this.time.run();
		assertThat(patient).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new CloseReport(1, 0));
	}

	@Test
	void nothingIsLeftToDoAfterAnEarlyEndOfTheGracePeriod() {
		build(builder().initialSize(1));
		Lease<Resource> lease = this.pool.borrow();
		this.pool.closeAsync(Duration.ofHours(1));
		this.pool.closeAsync(Duration.ofHours(2));
		this.time.run();
		lease.close();
		pass(Duration.ofMinutes(1));
		assertThat(this.time.pending()).isZero();
	}

	@Test
	void aResourceThatArrivesAfterTheCloseIsDestroyed() {
		CompletableFuture<Resource> creation = this.lifecycle.holdCreations(1).get(0);
		build(builder().initialSize(1));
		CompletableFuture<CloseReport> closed = this.pool.closeAsync(Duration.ZERO).toCompletableFuture();
		this.time.run();
		assertThat(closed).succeedsWithin(Duration.ofSeconds(5));
		creation.complete(this.lifecycle.resource());
		this.time.run();
		assertThat(this.lifecycle.destroyed()).containsEntry(DestroyReason.CLOSED, 1);
	}

	@Test
	void aDestructionThatHangsHoldsUpTheCloseOnlyForTheLifecycleTimeout() {
		this.lifecycle.destructions.add(CompletableFuture::new);
		build(builder().initialSize(1).lifecycleTimeout(Duration.ofSeconds(1)));
		CompletableFuture<CloseReport> closed = this.pool.closeAsync(Duration.ZERO).toCompletableFuture();
		this.time.run();
		assertThat(closed).isNotDone();
		pass(Duration.ofSeconds(2));
		assertThat(closed).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void closeWithRealTimeWaitsUntilEverythingIsDestroyed() {
		ScriptedLifecycle own = new ScriptedLifecycle();
		Pool<Resource> real = Pool.builder(own).initialSize(3).build();
		real.ready().toCompletableFuture().join();
		Lease<Resource> lease = real.borrow();
		real.close();
		real.close();
		assertThat(own.alive).hasValue(0);
		lease.close();
		assertThat(own.violations).isEmpty();
	}

	@Test
	void whatClosingKeepsFromBeingCreatedIsNoFailure() {
		Logger logger = (Logger) LoggerFactory.getLogger(Creator.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try {
			List<CompletableFuture<Resource>> creations = this.lifecycle.holdCreations(2);
			build(builder().initialSize(2));
			// The pool hears of it when it is closing already.
			creations.get(0).completeExceptionally(new IllegalStateException("the connection is being closed"));
			this.pool.closeAsync(Duration.ZERO);
			this.time.run();
			creations.get(1).completeExceptionally(new IllegalStateException("the connection was closed"));
			this.time.run();
			assertThat(log.list).isEmpty();
			assertThat(this.pool.stats().creationFailures()).isLessThan(2);
		}
		finally {
			logger.detachAppender(log);
		}
	}

}
