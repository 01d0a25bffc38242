package io.weir.broker.store.rocksdb;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.weir.broker.store.ScrubReport;
import io.weir.message.Topic;

/**
 * Verifies topics of an open store, one after the other: a part at a time on one of the
 * readers' threads, with pauses, so that whoever else reads goes on. Thread-safe.
 */
final class Scrubs {

	/** No faster than that. */
	private static final long BYTES_PER_SECOND = 32L * 1024 * 1024;

	private final Database database;

	private final Readers readers;

	@GuardedBy("this")
	private CompletableFuture<?> previous = CompletableFuture.completedFuture(null);

	Scrubs(Database database, Readers readers) {
		this.database = database;
		this.readers = readers;
	}

	/** Verifies a topic as soon as it is its turn. */
	synchronized CompletionStage<ScrubReport> add(Topic topic) {
		CompletableFuture<ScrubReport> done = new CompletableFuture<>();
		this.previous.whenComplete(
				(report, failure) -> next(new TopicScrub(this.database, topic, this.database.damages()::add), done));
		this.previous = done;
		return done;
	}

	private void next(TopicScrub scrub, CompletableFuture<ScrubReport> done) {
		CompletableFuture<Long> part = new CompletableFuture<>();
		this.readers.submit(part, scrub::step);
		part.whenComplete((bytes, failure) -> {
			if (failure != null) {
				done.completeExceptionally(failure);
			}
			else if (scrub.isDone()) {
				done.complete(scrub.report());
			}
			else {
				CompletableFuture.delayedExecutor(pauseNanos(bytes), TimeUnit.NANOSECONDS, Runnable::run)
					.execute(() -> next(scrub, done));
			}
		});
	}

	/** How long it waits when so much was verified. */
	static long pauseNanos(long bytes) {
		return TimeUnit.SECONDS.toNanos(1) * bytes / BYTES_PER_SECOND;
	}

}
