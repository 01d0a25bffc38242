package io.weir.pool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FlightRecorderTest extends PoolFixture {

	private static final Executor THREADS = (task) -> new Thread(task).start();

	@Test
	void recordsWhatIsSlowOrWrong(@TempDir Path directory) throws IOException {
		try (Recording recording = new Recording()) {
			Stream.of("BorrowWait", "ResourceCreate", "ResourceDestroy", "LeaseLeak")
				.forEach((event) -> recording.enable("io.weir.pool." + event).withThreshold(Duration.ZERO));
			recording.start();
			build(builder().maxSize(1).leakDetectionThreshold(Duration.ofSeconds(1)));
			// Told on this thread, which then has recorded how long it took.
			CompletableFuture<Lease<Resource>> first = this.pool.borrowAsync(Runnable::run).toCompletableFuture();
			this.time.run();
			Lease<Resource> lease = first.join();
			CompletableFuture<Lease<Resource>> parked = CompletableFuture
				.supplyAsync(() -> this.pool.borrow(Duration.ofSeconds(1)), THREADS);
			await().until(() -> this.pool.stats().pending() == 1);
			pass(Duration.ofSeconds(2));
			assertThat(parked).failsWithin(Duration.ofSeconds(5));
			lease.invalidate();
			this.time.run();
			recording.stop();
			recording.dump(directory.resolve("pool.jfr"));
		}
		List<RecordedEvent> events = RecordingFile.readAllEvents(directory.resolve("pool.jfr"));
		assertThat(events).extracting((event) -> event.getEventType().getName())
			.containsExactlyInAnyOrder("io.weir.pool.BorrowWait", "io.weir.pool.BorrowWait",
					"io.weir.pool.ResourceCreate", "io.weir.pool.LeaseLeak", "io.weir.pool.ResourceDestroy");
		assertThat(events).allMatch((event) -> event.getString("pool").equals("test"));
		assertThat(named(events, "ResourceDestroy").getString("reason")).isEqualTo("INVALIDATED");
		assertThat(named(events, "ResourceCreate").getBoolean("succeeded")).isTrue();
		assertThat(named(events, "LeaseLeak").getDuration("lentFor")).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
	}

	/** No event needs to be begun, kept and ended for them. */
	@Test
	void nothingDependsOnAWaiterUnlessSomebodyRecords() {
		build(builder().maxSize(1));
		borrowAsync().join();
		assertThat(borrowAsync().getNumberOfDependents()).isZero();
		try (Recording recording = new Recording()) {
			recording.enable("io.weir.pool.BorrowWait");
			recording.start();
			assertThat(borrowAsync().getNumberOfDependents()).isOne();
		}
	}

	private static RecordedEvent named(List<RecordedEvent> events, String name) {
		return events.stream()
			.filter((event) -> event.getEventType().getName().endsWith(name))
			.findFirst()
			.orElseThrow();
	}

}
