package io.weir.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WaiterQueueTest {

	private static final int MANY = 1000;

	private final WaiterQueue<String> queue = new WaiterQueue<>();

	private final AtomicInteger comparisons = new AtomicInteger();

	/** On the maintenance thread, which has other things to do. */
	@Test
	void droppingManyDoesNotLookForEachAmongAll() {
		enterMany();
		this.queue.all().forEach((waiter) -> waiter.fail(new PoolClosedException("test")));
		this.queue.sweep();
		assertThat(this.queue.present()).isFalse();
		assertThat(this.queue.isEmpty()).isTrue();
		assertThat(this.comparisons).hasValueLessThan(MANY);
	}

	@Test
	void takingManyDoesNotLookForEachAmongAll() {
		enterMany();
		int taken = 0;
		for (Waiter<String> waiter : this.queue.all()) {
			taken += this.queue.remove(waiter) ? 1 : 0;
			assertThat(this.queue.remove(waiter)).as("a second time").isFalse();
		}
		assertThat(taken).isEqualTo(MANY);
		assertThat(this.queue.present()).isFalse();
		assertThat(this.queue.waiting()).isZero();
		assertThat(this.queue.poll()).isNull();
		assertThat(this.comparisons).hasValueLessThan(MANY);
	}

	/** The last first, since the queue looks from the front. */
	private void enterMany() {
		for (int i = 0; i < MANY; i++) {
			this.queue.enter(new Counting());
		}
	}

	private final class Counting extends Waiter<String> {

		private boolean waiting = true;

		Counting() {
			super(0, 0);
		}

		@Override
		public boolean equals(Object other) {
			WaiterQueueTest.this.comparisons.incrementAndGet();
			return this == other;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this);
		}

		@Override
		boolean isWaiting() {
			return this.waiting;
		}

		@Override
		boolean offer(SlotLease<String> lease) {
			return false;
		}

		@Override
		boolean wake() {
			return false;
		}

		@Override
		void expire(Supplier<BorrowTimeoutException> timeout) {
		}

		@Override
		void fail(PoolException failure) {
			this.waiting = false;
		}

	}

}
