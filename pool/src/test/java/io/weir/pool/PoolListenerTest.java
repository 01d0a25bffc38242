package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

class PoolListenerTest extends PoolFixture {

	private final List<String> events = new ArrayList<>();

	@Test
	void isToldWhatHappens() {
		this.lifecycle.failCreations(1, new IllegalStateException("refused"));
		build(builder().minSize(1).maxSize(1).borrowTimeout(Duration.ofSeconds(1)).listener(new Recorder()));
		pass(Duration.ofMillis(50));
		assertThat(this.events).containsExactly("failed refused", "created", "CREATE true");
		this.events.clear();

		Lease<Resource> lease = this.pool.borrow();
		pass(Duration.ofMillis(500));
		close(lease);
		assertThat(this.events).containsExactly("BORROW true", "borrowed 0", "RETURN true", "returned 500");
		this.events.clear();

		lease = this.pool.borrow();
		borrowAsync();
		pass(Duration.ofSeconds(1));
		assertThat(this.events).containsExactly("BORROW true", "borrowed 0", "timed out 1000");
		this.events.clear();

		lease.invalidate();
		this.time.run();
		assertThat(this.events).containsExactly("returned 1000", "destroyed INVALIDATED", "created", "CREATE true");
	}

	@Test
	void tellsAWaiterHowLongItWaited() {
		build(builder().minSize(1).maxSize(1).listener(new Recorder()));
		Lease<Resource> lease = this.pool.borrow();
		borrowAsync();
		pass(Duration.ofMillis(300));
		close(lease);
		assertThat(this.events).contains("borrowed 300");
	}

	@Test
	void itsFailuresHarmNobody() {
		itsFailuresHarmNobody(() -> {
			throw new IllegalStateException("scripted");
		});
	}

	@Test
	void itsErrorsHarmNobody() {
		itsFailuresHarmNobody(() -> {
			throw new StackOverflowError("scripted");
		});
	}

	private void itsFailuresHarmNobody(Runnable failure) {
		build(builder().minSize(1).maxSize(1).listener(new Failing(failure)));
		Lease<Resource> first = this.pool.borrow();
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		first.close();
		assertThat(waiter).isCompleted();
		waiter.join().invalidate();
		this.time.run();
		assertThat(this.pool.stats().idle()).as("replaced").isEqualTo(1);
	}

	@Test
	void withoutOneThePoolReadsNoClockWhenItLends() {
		assertThat(looksAtTheClock(builder())).isZero();
		assertThat(looksAtTheClock(builder().leakDetectionThreshold(Duration.ofSeconds(1)))).isZero();
		assertThat(looksAtTheClock(builder().listener(new Recorder()))).isPositive();
	}

	private long looksAtTheClock(PoolBuilder<Resource> builder) {
		Pool<Resource> pool = builder.minSize(1).timekeeper(this.time).build();
		this.time.run();
		long before = this.time.looks.get();
		pool.borrow().close();
		long looks = this.time.looks.get() - before;
		pool.closeAsync(Duration.ZERO);
		this.time.run();
		return looks;
	}

	private record Failing(Runnable failure) implements PoolListener {

		@Override
		public void borrowed(long waitNanos) {
			this.failure.run();
		}

		@Override
		public void returned(long usageNanos) {
			this.failure.run();
		}

		@Override
		public void created(long creationNanos) {
			this.failure.run();
		}

		@Override
		public void validated(ValidationPhase phase, boolean valid) {
			this.failure.run();
		}

		@Override
		public void destroyed(DestroyReason reason) {
			this.failure.run();
		}

	}

	private final class Recorder implements PoolListener {

		@Override
		public void borrowed(long waitNanos) {
			record("borrowed " + millis(waitNanos));
		}

		@Override
		public void returned(long usageNanos) {
			record("returned " + millis(usageNanos));
		}

		@Override
		public void borrowTimedOut(long waitNanos) {
			record("timed out " + millis(waitNanos));
		}

		@Override
		public void created(long creationNanos) {
			record("created");
		}

		@Override
		public void creationFailed(Throwable cause) {
			record("failed " + cause.getMessage());
		}

		@Override
		public void validated(ValidationPhase phase, boolean valid) {
			record(phase + " " + valid);
		}

		@Override
		public void destroyed(DestroyReason reason) {
			record("destroyed " + reason);
		}

		private void record(String event) {
			PoolListenerTest.this.events.add(event);
		}

		private static long millis(long nanos) {
			return Duration.ofNanos(nanos).toMillis();
		}

	}

}
