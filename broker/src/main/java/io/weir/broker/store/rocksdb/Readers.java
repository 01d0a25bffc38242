package io.weir.broker.store.rocksdb;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.weir.broker.store.StorageException;

/** The threads that read from the disk. */
final class Readers implements AutoCloseable {

	private static final int THREADS = 2;

	private final AtomicInteger threads = new AtomicInteger();

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS,
			(task) -> new Thread(task, "weir-store-reader-" + this.threads.incrementAndGet()));

	private final Supplier<StorageException> closedException;

	Readers(Supplier<StorageException> closedException) {
		this.closedException = closedException;
	}

	/** Reads on one of the threads; what the action throws fails the result. */
	<T> void submit(CompletableFuture<T> result, Supplier<T> action) {
		try {
			this.executor.execute(() -> complete(result, action));
		}
		catch (RejectedExecutionException ex) {
			result.completeExceptionally(this.closedException.get());
		}
	}

	private static <T> void complete(CompletableFuture<T> result, Supplier<T> action) {
		try {
			result.complete(action.get());
		}
		catch (StorageException ex) {
			result.completeExceptionally(ex);
		}
		catch (RuntimeException | Error ex) {
			result.completeExceptionally(new StorageException("Reading failed: " + ex, ex));
		}
	}

	boolean isClosed() {
		return this.executor.isShutdown();
	}

	/** Completes what was submitted, then ends the threads. */
	@Override
	public void close() {
		this.executor.shutdown();
		Uninterruptibly.call(() -> this.executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
	}

}
