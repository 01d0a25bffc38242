package io.weir.client.internal.schedule;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ThreadTimerTest {

	/** An executor whose turn was dropped would wait for it for ever. */
	@Test
	void whatItHasTakenRunsThoughItIsClosed() {
		ThreadTimer timer = new ThreadTimer("test");
		CountDownLatch closed = new CountDownLatch(1);
		CompletableFuture<Void> queued = new CompletableFuture<>();
		CompletableFuture<Void> late = new CompletableFuture<>();
		timer.execute(() -> awaitUninterruptibly(closed));
		SerialExecutor executor = new SerialExecutor(timer);
		executor.execute(() -> queued.complete(null));
		timer.schedule(Duration.ofHours(1), () -> late.complete(null));
		timer.close();
		closed.countDown();
		assertThat(queued).succeedsWithin(Duration.ofSeconds(10));
		assertThat(late).isNotDone();
		CompletableFuture<Void> afterwards = new CompletableFuture<>();
		executor.execute(() -> afterwards.complete(null));
		assertThat(afterwards).succeedsWithin(Duration.ofSeconds(10));
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
