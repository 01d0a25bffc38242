package io.weir.broker.store.rocksdb;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.weir.broker.store.StorageException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SlowStartTest {

	private final SlowStart watch = new SlowStart(Duration.ofMillis(10), 3);

	private final CountDownLatch end = new CountDownLatch(1);

	@Test
	void whatDoesNotGetOnIsGivenUpWithAdvice() {
		assertThatExceptionOfType(StorageException.class)
			.isThrownBy(() -> this.watch.run("Opening /data", () -> "the same", this::hang))
			.withMessageStartingWith("Opening /data was given up after")
			.withMessageContaining("'salvage'");
		this.end.countDown();
	}

	@Test
	void whatGetsOnIsWaitedFor() {
		AtomicInteger looks = new AtomicInteger();
		assertThat(this.watch.run("Opening /data", () -> {
			if (looks.incrementAndGet() == 20) {
				this.end.countDown();
			}
			return looks.get();
		}, this::hang)).isEqualTo("done");
	}

	@Test
	void failureIsPassedOn() {
		SlowStart patient = new SlowStart(Duration.ofMinutes(1), 3);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> patient.run("Opening", () -> 1, () -> {
			throw new IllegalStateException("broken");
		})).withCauseInstanceOf(IllegalStateException.class);
	}

	private String hang() throws InterruptedException {
		this.end.await();
		return "done";
	}

}
