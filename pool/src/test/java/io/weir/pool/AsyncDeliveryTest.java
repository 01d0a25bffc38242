package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a lease between the pool and the executor that the borrower named. */
class AsyncDeliveryTest extends PoolFixture {

	private final List<Runnable> eventLoop = new ArrayList<>();

	private Lease<Resource> first;

	@BeforeEach
	void lendTheOnlyResource() {
		build(builder().maxSize(1));
		this.first = borrowAsync().join();
	}

	@Test
	void deliversOnTheExecutorThatTheBorrowerNames() {
		CompletableFuture<Lease<Resource>> second = this.pool.borrowAsync(this.eventLoop::add).toCompletableFuture();
		this.first.close();
		assertThat(second).isNotDone();
		this.eventLoop.get(0).run();
		second.join().close();
	}

	@Test
	void cancellingWhileTheDeliveryIsUnderWayLosesNothing() {
		CompletableFuture<Lease<Resource>> second = this.pool.borrowAsync(this.eventLoop::add).toCompletableFuture();
		CompletableFuture<Lease<Resource>> third = borrowAsync();
		this.first.close();
		assertThat(this.eventLoop).hasSize(1);
		second.cancel(false);
		this.eventLoop.get(0).run();
		assertThat(third).isCompleted();
		third.join().close();
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void cancellingADeliveryThatNeverHappensLosesNothing() {
		CompletableFuture<Lease<Resource>> second = this.pool.borrowAsync(this.eventLoop::add).toCompletableFuture();
		this.first.close();
		this.eventLoop.clear();
		second.cancel(false);
		assertThat(this.pool.stats().idle()).isEqualTo(1);
		assertThat(this.pool.tryBorrow()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(classes = { RejectedExecutionException.class, IllegalStateException.class, InternalError.class })
	void anExecutorThatRejectsFailsItsBorrowerAndLosesNothing(Class<? extends Throwable> rejection) {
		CompletableFuture<Lease<Resource>> second = this.pool.borrowAsync((task) -> reject(rejection))
			.toCompletableFuture();
		close(this.first);
		assertThat(second).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(PoolException.class)
			.withMessageContaining("rejected");
		assertThat(this.pool.stats().idle()).isEqualTo(1);
	}

	@Test
	void anExecutorThatRunsTheTaskAndThenThrowsDoesNotHaveTheResourceLentTwice() {
		CompletableFuture<Lease<Resource>> second = this.pool.borrowAsync((task) -> {
			task.run();
			reject(IllegalStateException.class);
		}).toCompletableFuture();
		CompletableFuture<Lease<Resource>> third = borrowAsync();
		this.first.close();
		assertThat(second).isCompleted();
		assertThat(third).isNotDone();
		second.join().close();
		assertThat(third).isCompleted();
	}

	private static void reject(Class<? extends Throwable> type) {
		try {
			AsyncDeliveryTest.<RuntimeException>sneak(type.getConstructor().newInstance());
		}
		catch (ReflectiveOperationException ex) {
			throw new AssertionError(ex);
		}
	}

	@SuppressWarnings("unchecked") // so that one helper throws exceptions and errors
	private static <E extends Throwable> void sneak(Throwable failure) throws E {
		throw (E) failure;
	}

}
