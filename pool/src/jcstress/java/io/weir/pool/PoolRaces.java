package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

import io.weir.pool.ScriptedLifecycle.Resource;

/**
 * Two calls at the same moment on a pool of one, whose maintenance does nothing until
 * both are over: nobody comes along and repairs what a race broke.
 *
 * <p>
 * That these tests can fail was shown by a planted race: when {@code Lender.takeBack}
 * read whether anybody waits before it released the slot, instead of after,
 * {@link ReturnAndBorrow} observed {@code false, 0} within half a second.
 */
final class PoolRaces {

	private PoolRaces() {
	}

	/** A pool of one whose resource is lent. */
	abstract static class PoolOfOne {

		final ScriptedLifecycle lifecycle = new ScriptedLifecycle();

		final ManualTimekeeper time = new ManualTimekeeper();

		final Pool<Resource> pool = Pool.builder(this.lifecycle)
			.minSize(1)
			.maxSize(1)
			.borrowTimeout(Duration.ofDays(1))
			.timekeeper(this.time)
			.build();

		final Lease<Resource> lease;

		PoolOfOne() {
			this.time.run();
			this.lease = this.pool.borrow();
		}

		CompletableFuture<Lease<Resource>> borrowAsync() {
			return this.pool.borrowAsync().toCompletableFuture();
		}

		/** How often the first resource was destroyed, when all is done. */
		int destructions() {
			this.time.run();
			return this.lifecycle.created.get(0).destructions.get();
		}

		/**
		 * A borrower is told of the end on the common pool, not on the thread that
		 * closes.
		 */
		static boolean isAnswered(CompletableFuture<?> borrowed) {
			return borrowed.isDone()
					|| borrowed.handle((lease, failure) -> true).completeOnTimeout(false, 10, TimeUnit.SECONDS).join();
		}

		int idle() {
			this.time.run();
			return this.pool.stats().idle();
		}

	}

	/** No wake-up is lost. */
	@JCStressTest
	@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "served, without help from the maintenance")
	@Outcome(expect = Expect.FORBIDDEN, desc = "the borrower waits beside an idle resource")
	@State
	public static class ReturnAndBorrow extends PoolOfOne {

		private CompletableFuture<Lease<Resource>> borrowed;

		@Actor
		public void close() {
			this.lease.close();
		}

		@Actor
		public void borrow() {
			this.borrowed = borrowAsync();
		}

		@Arbiter
		public void check(ZI_Result result) {
			result.r1 = this.borrowed.isDone();
			if (result.r1) {
				this.borrowed.join().close();
			}
			result.r2 = idle();
		}

	}

	/** A borrower that gives up while it is served loses nothing. */
	@JCStressTest
	@Outcome(id = { "true, 1", "false, 1" }, expect = Expect.ACCEPTABLE, desc = "cancelled or served")
	@Outcome(expect = Expect.FORBIDDEN, desc = "the lease is lost")
	@State
	public static class ReturnAndCancel extends PoolOfOne {

		private final CompletableFuture<Lease<Resource>> borrowed = borrowAsync();

		@Actor
		public void close() {
			this.lease.close();
		}

		@Actor
		public void cancel() {
			this.borrowed.cancel(false);
		}

		@Arbiter
		public void check(ZI_Result result) {
			result.r1 = this.borrowed.isCancelled();
			if (!result.r1) {
				this.borrowed.join().close();
			}
			result.r2 = idle();
		}

	}

	/** A lease that is closed and invalidated ends once; the pool is full again. */
	@JCStressTest
	@Outcome(id = { "0, 1", "1, 1" }, expect = Expect.ACCEPTABLE, desc = "returned, or destroyed and replaced")
	@Outcome(expect = Expect.FORBIDDEN, desc = "destroyed twice, or a place is lost")
	@State
	public static class CloseAndInvalidate extends PoolOfOne {

		@Actor
		public void close() {
			this.lease.close();
		}

		@Actor
		public void invalidate() {
			this.lease.invalidate();
		}

		@Arbiter
		public void check(II_Result result) {
			result.r1 = destructions();
			result.r2 = idle();
		}

	}

	/** What is returned while everything is declared dead is destroyed once. */
	@JCStressTest
	@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "destroyed and replaced")
	@Outcome(expect = Expect.FORBIDDEN, desc = "survived, destroyed twice, or a place is lost")
	@State
	public static class ReturnAndInvalidateAll extends PoolOfOne {

		@Actor
		public void close() {
			this.lease.close();
		}

		@Actor
		public void invalidateAll() {
			this.pool.invalidateAll();
		}

		@Arbiter
		public void check(II_Result result) {
			result.r1 = destructions();
			result.r2 = idle();
		}

	}

	/** What is returned while the pool closes is destroyed once. */
	@JCStressTest
	@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "destroyed once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "forgotten or destroyed twice")
	@State
	public static class ReturnAndClosePool extends PoolOfOne {

		@Actor
		public void close() {
			this.lease.close();
		}

		@Actor
		public void closePool() {
			this.pool.closeAsync(Duration.ZERO);
			this.time.run();
		}

		@Arbiter
		public void check(II_Result result) {
			result.r1 = destructions();
			result.r2 = idle();
		}

	}

	/** Whoever borrows while the pool closes is served or refused. */
	@JCStressTest
	@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "answered; the resource destroyed once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "waits for ever, or the resource was forgotten or destroyed twice")
	@State
	public static class BorrowAndClosePool extends PoolOfOne {

		private CompletableFuture<Lease<Resource>> borrowed;

		@Actor
		public void borrow() {
			this.borrowed = borrowAsync();
		}

		@Actor
		public void closePool() {
			this.pool.closeAsync(Duration.ZERO);
			this.time.run();
		}

		@Arbiter
		public void check(ZI_Result result) {
			result.r2 = destructions();
			result.r1 = isAnswered(this.borrowed);
		}

	}

}
